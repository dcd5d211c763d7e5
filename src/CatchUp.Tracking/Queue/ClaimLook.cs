using System.Data.Common;
using System.Globalization;
using System.Numerics;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;

namespace CatchUp.Tracking.Queue;

/// <summary>
/// The queue as one transaction sees it, from which several slots are served. Best: highest priority; then the owner with the fewest running, then the sweep with the
/// fewest running, so that a small sweep need not wait for all of a large one; then the order made by hand; then the oldest. What is taken counts at once for the next slot.
/// </summary>
/// <param name="context">In the claims' transaction.</param>
/// <param name="dialect">The context's.</param>
/// <param name="requests">Of the slots that may be served.</param>
/// <param name="gone">Runs that are not to be given out; grows by what is taken.</param>
/// <param name="now">For windows and deadlines.</param>
/// <param name="sweeps">About how many sweeps wait.</param>
internal sealed class ClaimLook(CatchUpContext context, DatabaseDialect dialect, IReadOnlyList<RequestRun> requests, HashSet<long> gone, long now, int sweeps)
{
    private const int SomeAtFirst = 8;

    private readonly Dictionary<string, Offer> _offers = Offers(dialect, requests);

    /// <summary>
    /// How many runs of every sweep are read with the first question: more than one only where there are fewer sweeps than slots to serve.
    /// One or some, no number between them: the texts of both are known to servers that keep plans.
    /// </summary>
    private readonly int _atFirst = requests.Count > 1 && sweeps <= requests.Count ? SomeAtFirst : 1;

    private readonly Dictionary<long, HashSet<string>> _exclusions = [];
    private readonly Dictionary<long, int> _sweeps = [];
    private readonly Dictionary<string, int> _owners = new(StringComparer.Ordinal);

    /// <param name="Run">Its id.</param>
    /// <param name="Priority">The higher, the sooner.</param>
    /// <param name="Position">Its place by hand.</param>
    /// <param name="Parent">The run whose weights it needs.</param>
    /// <param name="Excludes">There are workers that do not get it.</param>
    public sealed record Candidate(long Run, int Priority, double Position, long? Parent, bool Excludes);

    /// <summary>What has to be asked before runs can be taken.</summary>
    public IEnumerable<Sql.Question> Questions => [Running, .. _offers.Values.Select(Waiting)];

    /// <summary>How many sweeps have runs for these slots.</summary>
    public int Sweeps => _offers.Values.Max(offer => offer.Lines.Count);

    /// <summary>Slots that are served together take more than the first run of a sweep: those of the sweeps that are next are read at once.</summary>
    public async Task ReadAheadAsync(int slots, CancellationToken cancellation)
    {
        foreach (var offer in _offers.Values.Where(offer => slots > 1 && offer.Lines.Count > 0))
        {
            offer.Lines.Sort((line, other) => Compare(line, line.Candidates[0], other, other.Candidates[0]));
            var next = offer.Lines.GetRange(0, Math.Min(slots, offer.Lines.Count));
            var wanted = Ahead(slots, next.Count);
            var more = next.FindAll(line => line.Limit < wanted && line.Candidates.Count == line.Limit);
            if (more.Count > 0)
            {
                await ReadAsync(more, wanted, offer, cancellation);
            }
        }
    }

    /// <summary>A power of two, so that few different texts are made of it.</summary>
    private static int Ahead(int slots, int sweeps) => slots == 1 ? 1 : (int)BitOperations.RoundUpToPowerOf2((uint)(1 + (2 * slots / sweeps)));

    /// <returns>The best run for the slot; null when none fits. It is not given out again, and counts as running from now on.</returns>
    public async Task<Candidate?> TakeAsync(RequestRun request, CancellationToken cancellation)
    {
        var (slot, worker) = (request.Capabilities, CleanText.Line(request.Worker, 200));
        var offer = _offers[Key(slot)];
        (Line Line, Candidate Candidate)? best = null;
        foreach (var line in offer.Lines)
        {
            if (_sweeps.GetValueOrDefault(line.Sweep) < line.MaxParallel && line.Requires.Fits(slot)
                && await FirstAsync(line, worker, offer, cancellation) is { } candidate && (best is not { } other || Compare(line, candidate, other.Line, other.Candidate) < 0))
            {
                best = (line, candidate);
            }
        }

        if (best is not { } found)
        {
            return null;
        }

        gone.Add(found.Candidate.Run);
        Count(found.Line.Sweep, found.Line.Owner, 1);
        return found.Candidate;
    }

    /// <summary>It was not taken after all.</summary>
    public void PutBack(Candidate candidate)
    {
        var line = _offers.Values.SelectMany(offer => offer.Lines).First(line => line.Candidates.Contains(candidate));
        Count(line.Sweep, line.Owner, -1);
    }

    private int Compare(Line line, Candidate candidate, Line other, Candidate otherCandidate)
    {
        var order = otherCandidate.Priority.CompareTo(candidate.Priority);
        order = order != 0 ? order : _owners.GetValueOrDefault(line.Owner).CompareTo(_owners.GetValueOrDefault(other.Owner));
        order = order != 0 ? order : _sweeps.GetValueOrDefault(line.Sweep).CompareTo(_sweeps.GetValueOrDefault(other.Sweep));
        order = order != 0 ? order : candidate.Position.CompareTo(otherCandidate.Position);
        return order != 0 ? order : candidate.Run.CompareTo(otherCandidate.Run);
    }

    private void Count(long sweep, string owner, int more)
    {
        _sweeps[sweep] = _sweeps.GetValueOrDefault(sweep) + more;
        _owners[owner] = _owners.GetValueOrDefault(owner) + more;
    }

    private Sql.Question Running => new(
        $"""
        WITH busy (sweep_id, running) AS (SELECT b.sweep_id, COUNT(*) FROM runs b{dialect.ByIndex("ix_runs_running")} WHERE b.state = 'Running' GROUP BY b.sweep_id)
        SELECT busy.sweep_id, COALESCE(s.owner, ''), busy.running FROM busy JOIN sweeps s ON s.id = busy.sweep_id
        """,
        row => Count(row.GetInt64(0), row.GetString(1), (int)row.GetInt64(2)));

    /// <summary>
    /// Sweeps with queued runs are found by hopping from one to the next in the queue's own index, and of each only the first fitting run is looked at:
    /// a claim costs as much as there are waiting sweeps, not runs.
    /// </summary>
    private Sql.Question Waiting(Offer offer)
    {
        var queued = dialect.ByIndex("ix_runs_queued");
        return new(
            $"""
            WITH RECURSIVE waiting (id) AS (
              SELECT MIN(w.sweep_id) FROM runs w{queued} WHERE w.state = 'Queued'
              UNION ALL
              SELECT (SELECT MIN(w.sweep_id) FROM runs w{queued} WHERE w.state = 'Queued' AND w.sweep_id > waiting.id) FROM waiting WHERE waiting.id IS NOT NULL)
            SELECT s.id, COALESCE(s.owner, ''), s.max_parallel, s.requires, {Columns}
            FROM waiting JOIN sweeps s ON s.id = waiting.id {First(offer, _atFirst)}
            WHERE NOT s.paused AND (s.window IS NULL OR (s.opens_at <= @now AND @now < s.closes_at)) AND (s.deadline_at IS NULL OR @now < s.deadline_at)
            """,
            row =>
            {
                var sweep = row.GetInt64(0);
                if (!offer.BySweep.TryGetValue(sweep, out var line))
                {
                    var requires = SweepRequirements.Read(row.IsDBNull(3) ? null : row.GetString(3));
                    offer.Lines.Add(line = offer.BySweep[sweep] = new Line(sweep, row.GetString(1), row.IsDBNull(2) ? int.MaxValue : row.GetInt32(2), requires) { Limit = _atFirst });
                }

                line.Add(ReadCandidate(row, 4));
            },
            [("@now", now), .. offer.Parameters]);
    }

    private const string Columns = "q.id, q.priority, q.position, q.parent_run_id, EXISTS (SELECT 1 FROM run_exclusions x WHERE x.run_id = q.id)";

    /// <summary>Joins so many of the sweep s's runs, the best.</summary>
    private string First(Offer offer, int limit) => dialect.JoinRuns(string.Create(
        CultureInfo.InvariantCulture, $"FROM runs q{dialect.ByIndex("ix_runs_queued")} WHERE q.sweep_id = s.id AND {offer.Fits} ORDER BY q.priority DESC, q.position, q.id LIMIT {limit}"));

    /// <summary>Slots that differ in nothing a run's row is asked for share what is read.</summary>
    private static Dictionary<string, Offer> Offers(DatabaseDialect dialect, IReadOnlyList<RequestRun> requests)
    {
        var offers = new Dictionary<string, Offer>(StringComparer.Ordinal);
        foreach (var slot in requests.Select(request => request.Capabilities))
        {
            var key = Key(slot);
            if (!offers.ContainsKey(key))
            {
                offers[key] = Fitting(dialect, slot, offers.Count);
            }
        }

        return offers;
    }

    private static string Key(WorkerCapabilities slot)
        => string.Concat(slot.Datasets.Select(dataset => Part("dataset", dataset)).Concat(slot.Extractors.Select(extractor => Part("extractor", extractor))));

    private static string Part(string kind, string name) => string.Create(CultureInfo.InvariantCulture, $"{kind}:{name.Length}:{name}");

    /// <summary>What a queued run must be for a slot to make it, apart from what its sweep demands.</summary>
    private static Offer Fitting(DatabaseDialect dialect, WorkerCapabilities slot, int number)
    {
        var (hasDataset, datasets) = dialect.OneOf("q.dataset", $"dataset{number}x", slot.Datasets.Distinct().Take(1000));
        var (hasExtractor, extractors) = slot.Extractors.Count == 0 ? ("TRUE", []) : dialect.OneOf("q.extractor", $"extractor{number}x", slot.Extractors.Distinct().Take(1000));
        return new(
            $"""
            q.state = 'Queued' AND {hasDataset} AND (q.extractor IS NULL OR {hasExtractor})
            AND (q.parent_run_id IS NULL OR EXISTS (
              SELECT 1 FROM checkpoints c JOIN runs p ON p.id = c.run_id
              WHERE p.id = q.parent_run_id AND c.type = 'Snapshot' AND NOT c.removed AND (p.state = 'Completed' OR q.kind = 'Evaluate')))
            """,
            [.. datasets, .. extractors]);
    }

    private static Candidate ReadCandidate(DbDataReader row, int from)
        => new(row.GetInt64(from), row.GetInt32(from + 1), row.GetDouble(from + 2), Sql.Long(row, from + 3), row.GetBoolean(from + 4));

    /// <summary>Reads so many runs of each line.</summary>
    private async Task ReadAsync(List<Line> lines, int limit, Offer offer, CancellationToken cancellation)
    {
        var (theirs, parameters) = dialect.OneOf("s.id", "sweep", lines.ConvertAll(line => line.Sweep));
        var rows = await Sql.ListAsync(
            context, $"SELECT s.id, {Columns} FROM sweeps s {First(offer, limit)} WHERE {theirs}", row => (Sweep: row.GetInt64(0), Candidate: ReadCandidate(row, 1)), cancellation,
            [.. parameters, .. offer.Parameters]);
        var found = rows.ToLookup(row => row.Sweep, row => row.Candidate);
        foreach (var line in lines)
        {
            line.Limit = limit;
            line.Candidates.Clear();
            foreach (var candidate in found[line.Sweep])
            {
                line.Add(candidate);
            }
        }
    }

    private async Task<Candidate?> FirstAsync(Line line, string worker, Offer offer, CancellationToken cancellation)
    {
        while (true)
        {
            foreach (var candidate in line.Candidates)
            {
                if (!gone.Contains(candidate.Run) && !(candidate.Excludes && await IsExcludedAsync(candidate.Run, worker, cancellation)))
                {
                    return candidate;
                }
            }

            if (line.Candidates.Count < line.Limit)
            {
                return null;
            }

            await ReadAsync([line], line.Limit * 4, offer, cancellation);
        }
    }

    private async Task<bool> IsExcludedAsync(long run, string worker, CancellationToken cancellation)
    {
        if (!_exclusions.TryGetValue(run, out var workers))
        {
            workers = _exclusions[run] = [.. await Sql.ListAsync(context, "SELECT worker FROM run_exclusions WHERE run_id = @run", row => row.GetString(0), cancellation, ("@run", run))];
        }

        return workers.Contains(worker);
    }

    /// <param name="Fits">What is asked of a run q, in SQL.</param>
    /// <param name="Parameters">Of that.</param>
    private sealed record Offer(string Fits, (string Name, object? Value)[] Parameters)
    {
        /// <summary>Sweeps with runs that fit.</summary>
        public List<Line> Lines { get; } = [];

        public Dictionary<long, Line> BySweep { get; } = [];
    }

    /// <summary>A sweep's queued runs that fit, best first.</summary>
    private sealed class Line(long sweep, string owner, int maxParallel, SweepRequirements requires)
    {
        public long Sweep => sweep;

        public string Owner => owner;

        public int MaxParallel => maxParallel;

        public SweepRequirements Requires => requires;

        /// <summary>As many as were asked for; fewer when there are no more.</summary>
        public List<Candidate> Candidates { get; } = [];

        public int Limit { get; set; }

        /// <summary>They come in order but for what a join makes of it.</summary>
        public void Add(Candidate candidate)
        {
            var place = Candidates.Count;
            while (place > 0 && Before(candidate, Candidates[place - 1]))
            {
                place--;
            }

            Candidates.Insert(place, candidate);
        }

        private static bool Before(Candidate one, Candidate other)
            => one.Priority != other.Priority ? one.Priority > other.Priority : one.Position != other.Position ? one.Position < other.Position : one.Run < other.Run;
    }
}
