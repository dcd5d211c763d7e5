using System.Data.Common;
using System.Diagnostics;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Sweeps;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Workers;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Queue;

/// <summary>
/// Hands queued runs to free slots: each to one slot, and the same request the same run. Requests that come while others are being answered wait, and are then
/// answered together in one transaction: when a sweep arrives all idle workers ask at the same moment, and one after the other would wait for all before it.
/// </summary>
internal sealed class RunQueue(TrackingDatabase database, ArtifactDirectory artifacts, TrackingNews news, TrackingOptions options, TimeProvider time)
{
    private const int MostAtOnce = 64;

    private static readonly TimeSpan Quiet = TimeSpan.FromMicroseconds(100);
    private static readonly TimeSpan MostGathering = TimeSpan.FromMicroseconds(500);

    private readonly Lock _gate = new();
    private readonly List<Waiting> _waiting = [];
    private bool _serving;

    /// <summary>How many sweeps waited when it was last looked: says how much of each is worth reading.</summary>
    private int _sweeps = int.MaxValue;

    /// <param name="Assigned">Null when there is nothing to do.</param>
    /// <param name="Reason">Why not, in a sentence.</param>
    public sealed record Claim(RunAssigned? Assigned, string? Reason);

    public async Task<Claim> ClaimAsync(RequestRun request, CancellationToken cancellation)
    {
        var waiting = new Waiting(request, cancellation);
        bool serve;
        lock (_gate)
        {
            _waiting.Add(waiting);
            (serve, _serving) = (!_serving, true);
        }

        if (serve)
        {
            // Not this request's own work: it may have to go on for others. And behind what waits for a thread already: requests of the same moment are answered together.
            _ = Task.Factory.StartNew(ServeAsync, CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default);
        }

        var answer = await waiting.Answer.Task.WaitAsync(cancellation);
        return new Claim(answer.Assigned is null ? null : await answer.Assigned, answer.Reason);
    }

    private async Task ServeAsync()
    {
        Gather();
        while (Next() is { Count: > 0 } batch)
        {
            await AnswerAsync(batch);
        }
    }

    /// <summary>
    /// Requests of the same moment reach the queue within a fraction of a millisecond, for which there is no timer. While they keep coming the first waits for the others:
    /// otherwise it is answered alone, and they wait for two transactions.
    /// </summary>
    private void Gather()
    {
        var began = Stopwatch.GetTimestamp();
        for (var (seen, waiting) = (0, Count()); waiting > seen && waiting < MostAtOnce && Stopwatch.GetElapsedTime(began) < MostGathering; (seen, waiting) = (waiting, Count()))
        {
            var looked = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(looked) < Quiet)
            {
                Thread.Yield();
            }
        }
    }

    private int Count()
    {
        lock (_gate)
        {
            return _waiting.Count;
        }
    }

    /// <summary>Those that wait, but for a second request of the same slot: it must see what the first was given.</summary>
    private List<Waiting> Next()
    {
        lock (_gate)
        {
            var batch = new List<Waiting>();
            var (ids, slots) = (new HashSet<Guid>(), new HashSet<(Guid, int)>());
            var left = new List<Waiting>();
            foreach (var waiting in _waiting.Where(waiting => !waiting.Cancellation.IsCancellationRequested))
            {
                (batch.Count < MostAtOnce && ids.Add(waiting.Request.RequestId) && slots.Add((waiting.Request.Incarnation, waiting.Request.Slot)) ? batch : left).Add(waiting);
            }

            _waiting.Clear();
            _waiting.AddRange(left);
            _serving = batch.Count > 0;
            return batch;
        }
    }

    private async Task AnswerAsync(List<Waiting> batch)
    {
        try
        {
            // The callers' tokens are not used: others wait for the same transaction, and who asks again gets the same answer.
            var requests = batch.ConvertAll(waiting => waiting.Request);
            var given = await database.WriteAsync(context => ClaimAsync(context, requests, CancellationToken.None), CancellationToken.None);
            await ReleasedArtifacts.DeleteAsync(database, artifacts, [.. given.SelectMany(one => one.Released)], CancellationToken.None);
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Answer.SetResult(given[i].Answer);
            }

            // Nobody waits for news, and the next claims least of all: it ends by itself.
            _ = TellAsync(requests, given);
        }
#pragma warning disable CA1031 // Whatever it was, those who asked have to hear of it.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            if (batch.Count == 1 || IsDatabaseAway(problem))
            {
                batch.ForEach(waiting => waiting.Answer.TrySetException(problem));
                return;
            }

            // One that cannot be answered must not stand in the others' way.
            foreach (var waiting in batch)
            {
                await AnswerAsync([waiting]);
            }
        }
    }

    private static bool IsDatabaseAway(Exception problem)
        => problem is DatabaseBusyException || (problem as DbException ?? problem.InnerException as DbException) is { IsTransient: true };

    private Task TellAsync(List<RequestRun> requests, List<Given> given)
    {
        var messages = new List<object>();
        messages.AddRange(given.Where(one => one.Run is not null).Select(one => new RunChanged { RunId = one.Run!.Id, SweepId = one.Run.Sweep, StateChanged = true }));
        messages.AddRange(given.Where(one => one.Run is not null).Select(one => one.Run!.Sweep).Distinct().Select(sweep => new SweepChanged { SweepId = sweep }));
        var workers = requests.Where((_, index) => given[index].Run is not null).Select(request => request.Incarnation).Distinct().ToList();
        if (workers.Count > 0)
        {
            messages.Add(new WorkersChanged { Incarnation = workers.Count == 1 ? workers[0] : Guid.Empty });
        }

        return news.PublishAsync(messages);
    }

    /// <summary>An answer for each request, in their order.</summary>
    private async Task<List<Given>> ClaimAsync(CatchUpContext context, List<RequestRun> requests, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcTicks;
        var (gone, answered, admission) = (new HashSet<long>(), new AnsweredRequests(database.Dialect, requests), new WorkerAdmission(database.Dialect, requests));
        var look = new ClaimLook(context, database.Dialect, requests, gone, now, _sweeps);
        await Sql.AskAsync(context, [.. Serialise(), admission.Question, .. answered.Questions, .. look.Questions], cancellation);
        _sweeps = look.Sweeps;
        var given = requests.ConvertAll(request => Answer(request, admission, answered) is { } answer ? new Given(answer, null, []) : null);
        var attempts = new List<AttemptEntity>();
        Task? last = null;
        while (true)
        {
            var open = Enumerable.Range(0, requests.Count).Where(index => given[index] is null).ToList();
            await look.ReadAheadAsync(open.Count, cancellation);
            var picked = new Dictionary<long, (int Index, InitialReference? Initial)>();
            foreach (var index in open)
            {
                if (await PickAsync(context, look, requests[index], cancellation) is var (run, initial))
                {
                    picked[run] = (index, initial);
                }
                else
                {
                    given[index] = new Given(QueueAnswer.Nothing("No queued run fits this slot."), null, []);
                }
            }

            foreach (var run in await MarkAsync(context, [.. picked.Keys], now, cancellation))
            {
                var (index, initial) = picked[run.Id];
                (var one, var attempt) = await GiveAsync(context, requests[index], run, initial, last, now, cancellation);
                (given[index], last) = (one, one.Answer.Assigned);
                attempts.Add(attempt);
            }

            if (given.TrueForAll(one => one is not null))
            {
                break;
            }

            // A run that another transaction is changing was passed over: its slot chooses again.
            look = new ClaimLook(context, database.Dialect, requests, gone, now, _sweeps);
            await Sql.AskAsync(context, [.. look.Questions], cancellation);
        }

        await AttemptWriter.WriteAsync(context, database.Dialect, attempts, cancellation);
        return given.ConvertAll(one => one!);
    }

    /// <returns>Null when the request may be given a run.</returns>
    private static QueueAnswer? Answer(RequestRun request, WorkerAdmission admission, AnsweredRequests answered)
        => admission.FindRefusal(request) is { } refusal ? QueueAnswer.Nothing(refusal)
            : answered.Find(request) is { } answer ? answer
            : admission.IsDraining(request) ? QueueAnswer.Nothing("The worker is draining.")
            : null;

    private IEnumerable<Sql.Question> Serialise() => database.Dialect.SerialiseClaims is { } serialise ? [new(serialise, _ => { })] : [];

    private async Task<(Given Given, AttemptEntity Attempt)> GiveAsync(CatchUpContext context, RequestRun request, Marked marked, InitialReference? initial, Task? after, long now, CancellationToken cancellation)
    {
        // Before its first attempt a run has nothing to take back.
        var rewound = new Rewind.Result(null, []);
        if (marked.Attempt > 1)
        {
            var run = await context.Runs.AsTracking().FirstAsync(r => r.Id == marked.Id, cancellation);
            rewound = await Rewind.ToSafeCheckpointAsync(context, database.Dialect, artifacts, run, now, cancellation);
        }

        var assignment = await AssignAsync(context, marked, rewound.Checkpoint, initial, cancellation);
        return (new Given(QueueAnswer.Of(assignment, marked.Specification, after), marked, rewound.Released), new AttemptEntity
        {
            RunId = marked.Id,
            Number = marked.Attempt,
            Worker = CleanText.Line(request.Worker, 200),
            Incarnation = request.Incarnation,
            Slot = request.Slot,
            Device = SlotDevice.Of(request.Capabilities),
            RequestId = request.RequestId,
            Assignment = assignment.Json(),
            LeaseExpiresAt = marked.Now + options.Lease.Ticks,
            Live = true,
            FromStep = rewound.Checkpoint?.Step ?? 0,
            LastStep = rewound.Checkpoint?.Step ?? 0,
            AssignedAt = now,
        });
    }

    /// <summary>The best run that can begin: one whose parent's weights are not in the artifact store yet is passed over for now.</summary>
    private async Task<(long Run, InitialReference? Initial)?> PickAsync(CatchUpContext context, ClaimLook look, RequestRun request, CancellationToken cancellation)
    {
        while (await look.TakeAsync(request, cancellation) is { } candidate)
        {
            if (candidate.Parent is null)
            {
                return (candidate.Run, null);
            }

            if (await InitialAsync(context, await context.Runs.AsNoTracking().FirstAsync(run => run.Id == candidate.Run, cancellation), cancellation) is { } initial)
            {
                return (candidate.Run, initial);
            }

            look.PutBack(candidate);
        }

        return null;
    }

    private async Task<InitialReference?> InitialAsync(CatchUpContext context, RunEntity run, CancellationToken cancellation)
    {
        var parent = await context.Runs.AsNoTracking().FirstAsync(r => r.Id == run.ParentRunId, cancellation);
        var (step, settled) = (Specification(run.Specification).InitialRun.Step, run.InitialSha256);
        var snapshot = await context.Checkpoints.AsNoTracking()
            .Where(c => c.RunId == parent.Id && c.Type == CheckpointKind.Snapshot && !c.Removed && (settled == null ? step == 0 || c.Step == step : c.Sha256 == settled))
            .OrderByDescending(c => c.Step).ThenByDescending(c => c.Id)
            .FirstOrDefaultAsync(cancellation);
        return snapshot is not null && artifacts.Contains(snapshot.Sha256) ? new InitialReference(parent.Id, snapshot.Step, snapshot.Sha256, snapshot.Bytes, Specification(parent.Specification)) : null;
    }

    private static RunSpecification Specification(string json) => JsonSerializer.Deserialize<RunSpecification>(json, ContractJson.Options)!;

    /// <summary>Marks those that still wait as running. The state is asked so that no planner looks it up: of most runs it is the same.</summary>
    private async Task<List<Marked>> MarkAsync(CatchUpContext context, List<long> runs, long now, CancellationToken cancellation)
    {
        if (runs.Count == 0)
        {
            return [];
        }

        var (picked, parameters) = database.Dialect.OneOf("r.id", "run", runs);
        return await Sql.ListAsync(
            context,
            $"""
            UPDATE runs SET state = 'Running', pending_order = 'Continue', after_pause = NULL, after_pause_cause = NULL, attempt = attempt + 1,
              cause = NULL, advice = NULL, ended_at = NULL, updated_at = @now
            WHERE id IN (SELECT r.id FROM runs r WHERE {picked} AND (r.state = 'Queued') IS TRUE{database.Dialect.LockRunOrSkip}) AND (state = 'Queued') IS TRUE
            RETURNING id, sweep_id, attempt, name, specification, kind, {database.Dialect.Now}
            """,
            row => new Marked(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetString(3), row.GetString(4), Enum.Parse<RunKind>(row.GetString(5)), row.GetInt64(6)),
            cancellation, [("@now", now), .. parameters]);
    }

    private async Task<Assignment> AssignAsync(CatchUpContext context, Marked run, CheckpointReference? checkpoint, InitialReference? initial, CancellationToken cancellation)
    {
        // What is stored at the step it goes on from; or, for an evaluation, at the step it evaluates.
        var (owner, step) = run.Kind == RunKind.Evaluate ? (initial?.Run, initial?.Step) : (run.Id, checkpoint?.Step);
        List<StoredResult> evaluations = [];
        List<StoredResult> samples = [];
        if (step is not null)
        {
            var specification = Specification(run.Specification);
            evaluations = await context.Evaluations
                .Where(e => e.RunId == owner && e.Step == step && (run.Kind == RunKind.Train || e.Gate == 0 && e.Samples == specification.Evaluation.Samples && e.Extractor == specification.Evaluation.Extractor)).OrderBy(e => e.Id)
                .Select(e => new StoredResult(e.Solver, e.Nfe, e.Head, e.Metric, e.Gate))
                .ToListAsync(cancellation);
            samples = await context.Samples
                .Where(s => s.RunId == owner && s.Step == step && s.NoiseBank == specification.Samples.NoiseBank).OrderBy(s => s.Id)
                .Select(s => new StoredResult(s.Solver, s.Nfe, s.Head, null, 0))
                .ToListAsync(cancellation);
        }

        return new Assignment
        {
            RunId = run.Id,
            Attempt = run.Attempt,
            Name = run.Name,
            Checkpoint = checkpoint,
            Initial = initial,
            Evaluations = evaluations,
            Samples = samples,
            LeaseSeconds = options.Lease.TotalSeconds,
        };
    }

    private sealed record Waiting(RequestRun Request, CancellationToken Cancellation)
    {
        public TaskCompletionSource<QueueAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <param name="Answer">What the slot is told.</param>
    /// <param name="Run">What was given; null: nothing was changed.</param>
    /// <param name="Released">Artifacts whose rows were removed.</param>
    private sealed record Given(QueueAnswer Answer, Marked? Run, IReadOnlyList<string> Released);

    /// <param name="Id">Of a run that has just become running.</param>
    /// <param name="Sweep">Its sweep.</param>
    /// <param name="Attempt">The number of the attempt that begins.</param>
    /// <param name="Name">Of the run.</param>
    /// <param name="Specification">As JSON.</param>
    /// <param name="Kind">What the run is for.</param>
    /// <param name="Now">The database's time.</param>
    private sealed record Marked(long Id, long Sweep, int Attempt, string Name, string Specification, RunKind Kind, long Now);
}
