using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Samples;
using CatchUp.Tracking.Sweeps;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Nights;

/// <summary>Reads what happened in a night, with a handful of indexed queries however many runs there are.</summary>
public sealed class NightStore
{
    /// <summary>The longest stretch that is one night; a longer one would be a report.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    private const int MostSweeps = 200, MostRunsShown = 20, MostGrids = 12;

    private readonly TrackingDatabase _database;
    private readonly TrackingOptions _options;
    private readonly TimeProvider _time;

    internal NightStore(TrackingDatabase database, TrackingOptions options, TimeProvider time)
    {
        _database = database;
        _options = options;
        _time = time;
    }

    public Task<Night> ReadAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        return _database.ReadAsync(context => ReadAsync(context, from, to, cancellation), cancellation);
    }

    internal async Task<Night> ReadAsync(CatchUpContext context, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var (first, last) = (from.UtcTicks, to.UtcTicks);
        var counts = await CountsAsync(context, first, last, cancellation);
        var spent = await SpentAsync(context, first, last, cancellation);
        var ids = counts.Select(row => row.Sweep).Concat(spent.Select(row => row.Sweep)).Concat(spent.Select(row => row.Parent).OfType<long>()).Distinct().ToList();
        var sweeps = await SweepsAsync(context, ids, cancellation);
        var before = await BestEvaluations.AtAsync(context, ids, first, last, cancellation);
        var after = await BestEvaluations.AtAsync(context, ids, last, last, cancellation);
        var evaluations = await EvaluationsAsync(context, [.. before.Values.Concat(after.Values).Select(best => best.Evaluation).Distinct()], cancellation);

        var told = sweeps.ConvertAll(sweep =>
        {
            var states = counts.Where(row => row.Sweep == sweep.Id).ToList();
            var costs = spent.Where(row => row.Sweep == sweep.Id).ToList();
            var best = after.GetValueOrDefault(sweep.Id);
            var (old, now) = (before.TryGetValue(sweep.Id, out var earlier) ? evaluations.GetValueOrDefault(earlier.Evaluation) : null, best is null ? null : evaluations.GetValueOrDefault(best.Evaluation));
            return new NightSweep
            {
                Id = sweep.Id,
                Name = sweep.Name,
                Project = sweep.Project,
                Owner = sweep.Owner,
                Completed = Of(RunState.Completed),
                Failed = Of(RunState.Failed),
                Paused = Of(RunState.Paused),
                Stopped = Of(RunState.Cancelled) + Of(RunState.Pruned),
                Running = costs.Count(row => row.Open),
                Lost = costs.Sum(row => row.Lost),
                Resumed = costs.Sum(row => row.Resumed),
                Objective = SweepReading.Objective(sweep),
                Before = old,
                After = now,
                BestRun = best?.Run,
                Improved = now is not null && now.At >= from && (old is null || (sweep.ObjectiveGoal == SweepGoal.Maximize ? now.Value > old.Value : now.Value < old.Value)),
                Gpu = costs.Where(row => row.Gpu).Select(row => row.Cost).Aggregate(SlotTime.Nothing, SlotTime.Add),
                Cpu = costs.Where(row => !row.Gpu).Select(row => row.Cost).Aggregate(SlotTime.Nothing, SlotTime.Add),
            };

            int Of(RunState state) => states.Where(row => row.State == state).Sum(row => row.Runs);
        });
        told = [.. told.OrderByDescending(sweep => sweep.Improved).ThenByDescending(sweep => sweep.Completed + sweep.Failed).ThenByDescending(sweep => sweep.Id)];
        return new Night
        {
            From = from,
            To = to,
            Sweeps = await WithSamplesAsync(context, told, cancellation),
            Failures = await FailuresAsync(context, first, last, cancellation),
            Gpu = spent.Where(row => row.Gpu).Select(row => row.Cost).Aggregate(SlotTime.Nothing, SlotTime.Add),
            Cpu = spent.Where(row => !row.Gpu).Select(row => row.Cost).Aggregate(SlotTime.Nothing, SlotTime.Add),
            Waiting = await WaitingAsync(context, cancellation),
        };
    }

    /// <summary>For each sweep, how many runs came to which state last.</summary>
    private static Task<List<(long Sweep, RunState State, int Runs)>> CountsAsync(CatchUpContext context, long from, long to, CancellationToken cancellation) => Sql.ListAsync(
        context,
        """
        WITH changes AS (
          SELECT run_id, to_state, ROW_NUMBER() OVER (PARTITION BY run_id ORDER BY id DESC) AS place
          FROM run_events WHERE at >= @from AND at < @to AND from_state IS NOT NULL AND from_state <> to_state)
        SELECT r.sweep_id, c.to_state, COUNT(*) FROM changes c JOIN runs r ON r.id = c.run_id WHERE c.place = 1 GROUP BY r.sweep_id, c.to_state
        """,
        row => (row.GetInt64(0), Enum.Parse<RunState>(row.GetString(1)), (int)row.GetInt64(2)),
        cancellation,
        ("@from", from), ("@to", to));

    private sealed record Spent(long Sweep, long? Parent, bool Gpu, SlotTime Cost, bool Open, int Lost, int Resumed);

    /// <summary>What each attempt that was there in the night cost; one that reaches beyond it counts for its share of the time.</summary>
    private async Task<List<Spent>> SpentAsync(CatchUpContext context, long from, long to, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow().UtcTicks;
        return await Sql.ListAsync(
            context,
            """
            SELECT r.sweep_id, p.sweep_id, a.device, a.assigned_at, a.ended_at, a.training_seconds, a.sampling_seconds, a.evaluation_seconds, a.lost_seconds, a.outcome, CASE WHEN r.attempt > a.number THEN 1 ELSE 0 END
            FROM attempts a JOIN runs r ON r.id = a.run_id LEFT JOIN runs p ON p.id = r.parent_run_id AND r.kind = 'Evaluate'
            WHERE (a.ended_at >= @from AND a.assigned_at < @to) OR (a.live AND a.assigned_at < @to AND @now >= @from)
            """,
            row =>
            {
                var (assigned, ended) = (row.GetInt64(3), Sql.Long(row, 4));
                var end = ended ?? Math.Max(now, assigned);
                var whole = TimeSpan.FromTicks(Math.Max(0, end - assigned)).TotalSeconds;
                var inside = TimeSpan.FromTicks(Math.Max(0, Math.Min(end, to) - Math.Max(assigned, from))).TotalSeconds;
                var share = whole > 0 ? inside / whole : 0;
                var lost = !row.IsDBNull(9) && row.GetString(9) == nameof(AttemptOutcome.Lost) && ended >= from && ended < to;
                return new Spent(
                    row.GetInt64(0), Sql.Long(row, 1), !row.IsDBNull(2) && row.GetString(2).StartsWith("cuda", StringComparison.Ordinal),
                    SlotTime.Within(inside, row.GetDouble(5) * share, row.GetDouble(6) * share, row.GetDouble(7) * share, LostInside(assigned, ended, row.GetDouble(8), from, to)),
                    ended is null || ended >= to, lost ? 1 : 0, lost && row.GetInt64(10) == 1 ? 1 : 0);
            },
            cancellation,
            ("@from", from), ("@to", to), ("@now", now));
    }

    /// <summary>What was lost is the attempt's last part.</summary>
    private static double LostInside(long assigned, long? ended, double seconds, long from, long to)
    {
        if (ended is not { } end || seconds <= 0)
        {
            return 0;
        }

        var began = Math.Max(assigned, end - (long)(seconds * TimeSpan.TicksPerSecond));
        return TimeSpan.FromTicks(Math.Max(0, Math.Min(end, to) - Math.Max(began, from))).TotalSeconds;
    }

    private static async Task<List<SweepEntity>> SweepsAsync(CatchUpContext context, List<long> ids, CancellationToken cancellation)
    {
        var sweeps = new List<SweepEntity>();
        foreach (var chunk in ids.OrderDescending().Take(MostSweeps).Chunk(100))
        {
            sweeps.AddRange(await context.Sweeps.Where(sweep => chunk.Contains(sweep.Id)).ToListAsync(cancellation));
        }

        return sweeps;
    }

    private static async Task<Dictionary<long, Evaluation>> EvaluationsAsync(CatchUpContext context, long[] ids, CancellationToken cancellation)
    {
        var found = new Dictionary<long, Evaluation>();
        foreach (var chunk in ids.Chunk(500))
        {
            foreach (var entity in await context.Evaluations.Where(evaluation => chunk.Contains(evaluation.Id)).ToListAsync(cancellation))
            {
                found[entity.Id] = EvaluationStore.From(entity);
            }
        }

        return found;
    }

    /// <summary>The latest grid of each best run, at the objective's NFE where there is one.</summary>
    private static async Task<List<NightSweep>> WithSamplesAsync(CatchUpContext context, List<NightSweep> sweeps, CancellationToken cancellation)
    {
        var runs = sweeps.Where(sweep => sweep.After is not null).Select(sweep => sweep.After!.RunId).Take(MostGrids).ToList();
        var grids = (await context.Samples.Where(sample => runs.Contains(sample.RunId)).ToListAsync(cancellation)).ToLookup(sample => sample.RunId);
        return sweeps.ConvertAll(sweep =>
        {
            var best = sweep.After is null || !runs.Contains(sweep.After.RunId) ? null : grids[sweep.After.RunId]
                .OrderByDescending(sample => sample.Step <= sweep.After.Step).ThenByDescending(sample => sample.Nfe == sweep.After.Nfe).ThenByDescending(sample => sample.Head == sweep.After.Head)
                .ThenByDescending(sample => sample.Step).ThenBy(sample => sample.Id).FirstOrDefault();
            return best is null ? sweep : sweep with { Samples = SampleStore.From(best) };
        });
    }

    private static async Task<List<NightFailure>> FailuresAsync(CatchUpContext context, long from, long to, CancellationToken cancellation)
    {
        var failed = await context.Runs
            .Where(run => run.State == RunState.Failed && run.EndedAt >= from && run.EndedAt < to)
            .Join(context.Sweeps, run => run.SweepId, sweep => sweep.Id, (run, sweep) => new { run.Id, run.Name, run.SweepId, Sweep = sweep.Name, run.Failure, run.Cause, run.Advice, run.EndedAt })
            .ToListAsync(cancellation);
        return
        [
            .. failed.GroupBy(run => (run.SweepId, Kind: run.Failure ?? FailureKind.Other)).Select(group =>
            {
                var latest = group.OrderByDescending(run => run.EndedAt).ThenByDescending(run => run.Id).ToList();
                return new NightFailure(
                    group.Key.Kind, group.Key.SweepId, latest[0].Sweep, latest[0].Cause ?? "Nothing says why.", latest[0].Advice, latest.Count,
                    [.. latest.Take(MostRunsShown).Select(run => new NightRun(run.Id, run.Name))]);
            }).OrderByDescending(failure => failure.Count).ThenBy(failure => failure.SweepId),
        ];
    }

    /// <summary>A sweep's runs wait for much the same reason, so one of each is asked.</summary>
    private async Task<List<NightWaiting>> WaitingAsync(CatchUpContext context, CancellationToken cancellation)
    {
        var queued = await Sql.ListAsync(
            context, "SELECT sweep_id, MIN(id), COUNT(*) FROM runs WHERE state = 'Queued' GROUP BY sweep_id ORDER BY COUNT(*) DESC, sweep_id LIMIT 50",
            row => (Sweep: row.GetInt64(0), Run: row.GetInt64(1), Count: (int)row.GetInt64(2)), cancellation);
        if (queued.Count == 0)
        {
            return [];
        }

        var ids = queued.ConvertAll(row => row.Run);
        var runs = await context.Runs.Where(run => ids.Contains(run.Id)).ToDictionaryAsync(run => run.SweepId, cancellation);
        var reasons = await WaitingReasons.LookAsync(context, _database.Dialect, _options, _time.GetUtcNow(), [.. runs.Values], cancellation);
        var sweeps = queued.ConvertAll(row => row.Sweep);
        var names = await context.Sweeps.Where(sweep => sweeps.Contains(sweep.Id)).ToDictionaryAsync(sweep => sweep.Id, sweep => sweep.Name, cancellation);
        return [.. queued.Where(row => runs.ContainsKey(row.Sweep)).Select(row => new NightWaiting(row.Sweep, names.GetValueOrDefault(row.Sweep, ""), row.Count, reasons.For(runs[row.Sweep])))];
    }
}
