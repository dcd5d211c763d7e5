using System.Data.Common;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Sweeps;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Queue;

/// <summary>Predicts when runs begin and end, from what runs like them have taken, and remembers the first prediction of each.</summary>
public sealed class QueueForecasts
{
    /// <summary>Beyond this many waiting runs nothing is predicted for those behind.</summary>
    public const int MostRuns = 20_000;

    private readonly TrackingDatabase _database;
    private readonly TrackingOptions _options;
    private readonly TimeProvider _time;
    private readonly SharedRead<Look> _look;

    internal QueueForecasts(TrackingDatabase database, TrackingOptions options, TimeProvider time)
    {
        _database = database;
        _options = options;
        _time = time;
        _look = new(() => _database.ReadAsync(context => LookAsync(context, null, CancellationToken.None), CancellationToken.None));
    }

    /// <param name="Order">Waiting runs in the order they will be taken.</param>
    /// <param name="Runs">Of waiting and running runs.</param>
    internal sealed record Look(IReadOnlyList<long> Order, IReadOnlyDictionary<long, RunPrediction> Runs, IReadOnlyDictionary<long, long> SweepOf);

    /// <summary>Of the trials that a search has not proposed yet so many runs are played; the others take as long in proportion.</summary>
    private const int MostComing = 1000;

    /// <summary>What waiting runs are played by.</summary>
    private const string Waiting = """
        SELECT q.id, q.sweep_id, q.priority, q.position, q.dataset, q.extractor, q.parent_run_id,
          (q.parent_run_id IS NULL OR EXISTS (
            SELECT 1 FROM checkpoints c JOIN runs p ON p.id = c.run_id
            WHERE p.id = q.parent_run_id AND c.type = 'Snapshot' AND NOT c.removed AND (p.state = 'Completed' OR q.kind = 'Evaluate'))),
          q.kind, q.steps, q.step, q.cost_key, q.evaluation_work, q.project
        FROM runs q
        """;

    /// <summary>When the sweep will have ended, as the queue stands; of a search with the trials that are yet to come, as if none were stopped early. Null when there is no such sweep.</summary>
    public Task<SweepForecast?> SweepAsync(long sweep, CancellationToken cancellation) => _database.ReadAsync(
        async context =>
        {
            var entity = await context.Sweeps.Where(s => s.Id == sweep).Select(s => new { s.Deadline, s.DeadlineAt, ToCome = s.Search == null || s.SearchEnded || s.SearchStopped ? 0 : s.Trials, s.Replicates }).FirstOrDefaultAsync(cancellation);
            if (entity is null)
            {
                return null;
            }

            var proposed = entity.ToCome == 0 ? 0 : await Sql.NumberAsync(context, "SELECT MAX(trial) FROM runs WHERE sweep_id = @sweep", cancellation, ("@sweep", sweep)) + 1 ?? 0;
            var toCome = (int)Math.Max(0, entity.ToCome - proposed) * entity.Replicates;
            var coming = toCome == 0 ? [] : await ComingAsync(context, sweep, Math.Min(toCome, MostComing), cancellation);
            var look = toCome == 0 ? await LookAsync(cancellation) : await LookAsync(context, null, cancellation, coming);
            var known = look.SweepOf.Where(pair => pair.Value == sweep).Select(pair => (pair.Key, Prediction: look.Runs[pair.Key])).ToLookup(pair => pair.Key < 0, pair => pair.Prediction);
            var (unknown, end) = (known[false].Count(run => run.End is null), known[false].Max(run => run.End));
            if (known[true].ToList() is { Count: > 0 } played)
            {
                var (first, last) = (played.Min(run => run.Start), played.Max(run => run.End));
                end = first + ((last - first) * ((double)toCome / played.Count)) is { } stretched && (end is null || stretched > end) ? stretched : end;
                unknown += played.Exists(run => run.End is null) ? toCome : 0;
            }

            DateTimeOffset? deadline = entity.DeadlineAt is { } at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
            return new SweepForecast(known[false].Count() + (known[true].Any() ? toCome : 0), unknown, end, entity.Deadline, deadline);
        },
        cancellation);

    /// <summary>Remembers a prediction for each waiting run that has none and can have one. It is made once, to be held against what came of it.</summary>
    /// <returns>How many were made.</returns>
    public async Task<int> StorePredictionsAsync(CancellationToken cancellation)
    {
        var open = await _database.ReadAsync(
            context => Sql.ListAsync(
                context, $"SELECT id FROM runs WHERE state IN ('Queued', 'Running') AND predicted_at IS NULL AND attempt <= 1 ORDER BY id LIMIT {MostRuns}", row => row.GetInt64(0), cancellation),
            cancellation);
        if (open.Count == 0)
        {
            return 0;
        }

        var look = await LookAsync(cancellation);
        var now = _time.GetUtcNow().UtcTicks;
        var made = open.Where(run => look.Runs.TryGetValue(run, out var prediction) && prediction.End is not null).ToList();
        foreach (var chunk in made.Chunk(1000))
        {
            await _database.WriteAsync(
                async context =>
                {
                    foreach (var run in chunk)
                    {
                        var prediction = look.Runs[run];
                        await Sql.ExecuteAsync(
                            context, "UPDATE runs SET predicted_at = @now, predicted_start = @start, predicted_end = @end WHERE id = @run AND predicted_at IS NULL AND state IN ('Queued', 'Running')", cancellation,
                            ("@now", now), ("@start", prediction.Start?.UtcTicks), ("@end", prediction.End!.Value.UtcTicks), ("@run", run));
                    }

                    return chunk.Length;
                },
                cancellation);
        }

        return made.Count;
    }

    /// <summary>The queue as it stands, played forward: once for all pages that the same news reached.</summary>
    internal Task<Look> LookAsync(CancellationToken cancellation) => _look.ReadAsync(cancellation);

    /// <summary>One look at the whole queue, played forward.</summary>
    /// <param name="planned">A sweep that is not stored, behind everything that waits; null: none.</param>
    /// <param name="coming">More runs of a stored sweep, with negative ids.</param>
    internal async Task<Look> LookAsync(CatchUpContext context, SweepFile? planned, CancellationToken cancellation, IEnumerable<ForecastRun>? coming = null)
    {
        var now = _time.GetUtcNow();
        var waiting = await Sql.ListAsync(context, $"{Waiting} WHERE q.state = 'Queued' ORDER BY q.priority DESC, q.position, q.id LIMIT {MostRuns}", RunOf, cancellation);
        waiting.AddRange(coming ?? []);
        var running = await RunningAsync(context, cancellation);
        var exclusions = await ExclusionsAsync(context, cancellation);
        waiting = waiting.ConvertAll(run => exclusions[run.Id].Any() ? run with { Excluded = string.Join('\n', exclusions[run.Id]) } : run);
        var slots = await SlotsAsync(context, running, exclusions.SelectMany(workers => workers).ToHashSet(), cancellation);
        var sweeps = await SweepsAsync(context, cancellation);
        if (planned is not null)
        {
            sweeps.Add(new ForecastSweep(PlannedSweep, planned.Owner ?? "", false, planned.MaxParallel, planned.Window, planned.Requires));
            waiting.AddRange(Planned(planned));
        }

        // What changed between these reads: a run that was given out runs, and a run or sweep that came is left to the next look.
        var given = running.Select(run => run.Run.Id).ToHashSet();
        waiting.RemoveAll(run => given.Contains(run.Id));
        var known = sweeps.Select(sweep => sweep.Id).ToHashSet();
        waiting.RemoveAll(run => !known.Contains(run.Sweep));
        running.RemoveAll(run => !known.Contains(run.Run.Sweep));
        var throughput = await Throughput.ReadAsync(context, cancellation);
        var bases = new Dictionary<long, PredictionBasis>();
        var ends = running.ConvertAll(run =>
        {
            var rest = throughput.Remaining(run.Run, run.Device);
            bases[run.Run.Id] = rest?.Basis ?? PredictionBasis.None;
            return (run.Run.Id, run.Run.Sweep, rest is { } known ? now + known.Length : (DateTimeOffset?)null);
        });
        var played = QueueForecast.Play(now, sweeps, slots, ends, waiting, (run, slot) =>
        {
            var rest = throughput.Remaining(run, slot.Device);
            bases[run.Id] = rest?.Basis ?? PredictionBasis.None;
            return rest?.Length;
        });
        var predictions = waiting.Select(run => run.Id).Concat(running.Select(run => run.Run.Id)).ToDictionary(
            id => id, id => new RunPrediction(played.Times[id].Start, played.Times[id].End, bases.GetValueOrDefault(id, PredictionBasis.None)));
        return new Look(played.Order, predictions, waiting.Select(run => (run.Id, run.Sweep)).Concat(running.Select(run => (run.Run.Id, run.Run.Sweep))).ToDictionary(pair => pair.Id, pair => pair.Sweep));
    }

    /// <summary>An id that no stored sweep has.</summary>
    internal const long PlannedSweep = -1;

    private static IEnumerable<ForecastRun> Planned(SweepFile file)
    {
        var id = 0L;
        foreach (var run in SweepPlanner.Expand(file))
        {
            var cost = RunCost.Of(run.Specification);
            id--;

            // Variants that start from others are played as if they need not wait for them: their sweep's end is the same or a little later.
            yield return new ForecastRun(
                id, PlannedSweep, file.Priority, double.MaxValue, run.Specification.Data.Dataset, cost.Extractor, null, true, run.Specification.Kind, run.Specification.Training.Iterations, 0, cost.Key, cost.EvaluationWork, file.Project);
        }
    }

    /// <summary>Runs that a search will propose, like the last it has proposed.</summary>
    private static async Task<IEnumerable<ForecastRun>> ComingAsync(CatchUpContext context, long sweep, int count, CancellationToken cancellation) =>
        await Sql.ListAsync(context, $"{Waiting} WHERE q.sweep_id = @sweep ORDER BY q.trial DESC, q.replicate DESC LIMIT 1", RunOf, cancellation, ("@sweep", sweep)) is [var last]
            ? Enumerable.Range(1, count).Select(index => last with { Id = -index, Position = last.Position + index, Step = 0 })
            : [];

    private static ForecastRun RunOf(DbDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetDouble(3), row.GetString(4), row.IsDBNull(5) ? null : row.GetString(5), Sql.Long(row, 6), row.GetBoolean(7),
        Enum.Parse<RunKind>(row.GetString(8)), row.GetInt32(9), row.GetInt32(10), row.IsDBNull(11) ? null : row.GetString(11), row.GetDouble(12), row.GetString(13));

    private static Task<List<(ForecastRun Run, string? Device, Guid Incarnation, int Slot)>> RunningAsync(CatchUpContext context, CancellationToken cancellation) => Sql.ListAsync(
        context,
        """
        SELECT r.id, r.sweep_id, r.kind, r.steps, r.step, r.cost_key, r.evaluation_work, r.project, a.device, a.incarnation, a.slot
        FROM runs r JOIN attempts a ON a.run_id = r.id AND a.live WHERE r.state = 'Running'
        """,
        row =>
        {
            var run = new ForecastRun(
                row.GetInt64(0), row.GetInt64(1), 0, 0, "", null, null, true, Enum.Parse<RunKind>(row.GetString(2)), row.GetInt32(3), row.GetInt32(4), row.IsDBNull(5) ? null : row.GetString(5), row.GetDouble(6), row.GetString(7));
            return (run, row.IsDBNull(8) ? null : row.GetString(8), row.GetGuid(9), row.GetInt32(10));
        },
        cancellation);

    /// <summary>Workers that waiting runs are not given to.</summary>
    private static async Task<ILookup<long, string>> ExclusionsAsync(CatchUpContext context, CancellationToken cancellation) => (await Sql.ListAsync(
        context, "SELECT x.run_id, x.worker FROM run_exclusions x JOIN runs q ON q.id = x.run_id WHERE q.state = 'Queued' ORDER BY x.run_id, x.worker", row => (Run: row.GetInt64(0), Worker: row.GetString(1)), cancellation))
        .ToLookup(exclusion => exclusion.Run, exclusion => exclusion.Worker);

    private async Task<List<ForecastSlot>> SlotsAsync(
        CatchUpContext context, List<(ForecastRun Run, string? Device, Guid Incarnation, int Slot)> running, HashSet<string> excluded, CancellationToken cancellation)
    {
        var alive = await Sql.NowAsync(context, _database.Dialect, cancellation) - _options.Lease.Ticks;
        // A draining worker ends what it has, and its slots are free for nobody then.
        var online = await context.Workers.Where(worker => worker.LastSeen >= alive && worker.Standing == WorkerStanding.Accepted).ToDictionaryAsync(worker => worker.Incarnation, worker => worker.Name, cancellation);
        var incarnations = online.Keys.ToList();
        var slots = await context.Slots.Where(slot => incarnations.Contains(slot.Incarnation)).OrderBy(slot => slot.Incarnation).ThenBy(slot => slot.Slot).ToListAsync(cancellation);
        var held = running.ToDictionary(run => (run.Incarnation, run.Slot), run => run.Run.Id);
        return slots.ConvertAll(slot => new ForecastSlot(
            JsonSerializer.Deserialize<WorkerCapabilities>(slot.Capabilities, ContractJson.Options) ?? new(), held.TryGetValue((slot.Incarnation, slot.Slot), out var run) ? run : null,
            excluded.Contains(online[slot.Incarnation]) ? online[slot.Incarnation] : null));
    }

    private static async Task<List<ForecastSweep>> SweepsAsync(CatchUpContext context, CancellationToken cancellation)
    {
        var sweeps = await context.Sweeps
            .Where(s => context.Runs.Any(r => r.SweepId == s.Id && (r.State == RunState.Queued || r.State == RunState.Running)))
            .Select(s => new { s.Id, s.Owner, s.Paused, s.MaxParallel, s.Window, s.Requires })
            .ToListAsync(cancellation);
        return sweeps.ConvertAll(s => new ForecastSweep(s.Id, s.Owner ?? "", s.Paused, s.MaxParallel, s.Window is null ? null : ScheduleWindow.Parse(s.Window), SweepRequirements.Read(s.Requires)));
    }
}
