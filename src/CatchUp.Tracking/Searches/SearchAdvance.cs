using System.Globalization;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Workers;
using CatchUp.Search.Ledger;
using CatchUp.Search.Stopping;
using CatchUp.Tracking.Alerts;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Searches;

/// <summary>One step of a search, in the caller's transaction: what came of its trials, and what follows from it. The sweep is locked.</summary>
internal sealed class SearchAdvance(CatchUpContext context, TrackingDatabase database, SweepEntity sweep, SearchSpecification specification, SearchLedger ledger, long now)
{
    /// <summary>Runs proposed ahead at least, so that no slot waits for a suggestion.</summary>
    private const int LeastAhead = 8;

    private const int MostAtOnce = 200;

    /// <summary>Slots of workers that have not been heard of for so long are not counted.</summary>
    private static readonly TimeSpan Away = TimeSpan.FromMinutes(1);

    private static readonly ILookup<int, Result> None = Enumerable.Empty<Result>().ToLookup(result => result.Step);

    private readonly SearchEffects _effects = new();

    private readonly List<PlannedRun> _planned = [];

    private readonly Dictionary<int, string> _reasons = [];

    /// <summary>The first trials of a new sweep.</summary>
    /// <returns>How many runs were queued.</returns>
    public static async Task<int> BeginAsync(CatchUpContext context, TrackingDatabase database, SweepEntity sweep, long now, CancellationToken cancellation)
    {
        var specification = SearchSpecification.FromJson(sweep.Search!);
        var advance = new SearchAdvance(context, database, sweep, specification, new SearchLedger(specification.ReadSpace(), specification.Rules), now);
        return (await advance.RunAsync(cancellation)).Queued;
    }

    public async Task<SearchEffects> RunAsync(CancellationToken cancellation)
    {
        if (sweep.Paused || sweep.SearchStopped || sweep.DeadlineAt <= now)
        {
            ledger.Pause();
        }
        else
        {
            ledger.Resume();
        }

        await HearAsync(cancellation);
        await context.SaveChangesAsync(cancellation);
        await ProposeAsync(cancellation);
        var entries = ledger.Take();
        foreach (var entry in entries)
        {
            context.SearchEntries.Add(new SearchEntryEntity { SweepId = sweep.Id, Number = entry.Number, Trial = TrialOf(entry), Line = entry.ToLine(), At = now });
        }

        var ended = sweep.SearchEnded;
        sweep.Trials = ledger.Trials;
        sweep.SearchEnded = ledger.Standing == LedgerStanding.Complete || ((sweep.SearchStopped || sweep.DeadlineAt <= now) && ledger.History.Open.Count == 0);
        if (sweep.SearchEnded && !ended && await context.Runs.Where(run => run.SweepId == sweep.Id && run.EndedAt != null).OrderByDescending(run => run.EndedAt).ThenBy(run => run.Id).Select(run => new { run.Id, run.Attempt }).FirstOrDefaultAsync(cancellation) is { } last)
        {
            // When its last run ended it was not known that no other would come.
            context.AlertEvents.Add(new AlertEventEntity { RunId = last.Id, SweepId = sweep.Id, Attempt = last.Attempt, State = RunState.Completed, At = now });
        }

        _effects.Any = entries.Count > 0;
        return _effects;
    }

    /// <summary>Tells the ledger what came of the open trials, by their numbers.</summary>
    private async Task HearAsync(CancellationToken cancellation)
    {
        var open = ledger.History.Open.ToList();
        var runs = await RunsAsync(open, cancellation);
        var results = await ResultsAsync([.. runs.SelectMany(group => group).Where(run => run.Begun).Select(run => run.Id)], cancellation);
        foreach (var trial in open)
        {
            List<Outcome> members = [.. runs[trial].Select(run => new Outcome(run.Id, run.State, run.Cause, results[run.Id].Where(result => result.Gate == 0).ToLookup(result => result.Step), results[run.Id].Where(result => result.Gate > 0).ToLookup(result => result.Gate)))];
            if (ledger.History.Trials[trial].State == TrialState.Waiting)
            {
                await HoldAsync(trial, members, cancellation);
                continue;
            }

            foreach (var rung in Rungs(trial))
            {
                if (ledger.History.Trials[trial].State == TrialState.Pending && ValueAt(rung, members) is { } value)
                {
                    await CarryOutAsync(trial, ledger.Report(trial, Ladder.Resource, rung, value), members, cancellation);
                }
            }

            if (ledger.History.Trials[trial].State == TrialState.Pending && members.TrueForAll(run => RunHistory.IsEnd(run.State)))
            {
                await EndAsync(trial, members, cancellation);
            }
        }
    }

    private bool IsOverSamples => Ladder.Resource == Ladder.Samples;

    private Ladder Ladder => specification.Rules.Stopping!.Ladders[0];

    /// <summary>The rungs whose decision is not recorded.</summary>
    private IEnumerable<int> Rungs(int trial)
    {
        if (specification.Rules.Stopping is not { } stopping)
        {
            return [];
        }

        var decided = ledger.History.Trials[trial].Decisions.Select(decision => decision.Rung).DefaultIfEmpty(-1).Max();
        return stopping.RungsOf(0, trial).Where(rung => rung > decided);
    }

    /// <summary>The first objective at a rung, the mean of the replicates; null while one of them has not been evaluated there.</summary>
    private double? ValueAt(int rung, List<Outcome> runs)
    {
        var (level, objective) = ((int)Ladder.Levels[rung], specification.Objectives[0]);
        return runs.Count > 0 && runs.TrueForAll(run => IsComplete(objective, There(run)))
            ? runs.Average(run => objective.Of(Points(objective, There(run))))
            : null;

        IEnumerable<Result> There(Outcome run) => (IsOverSamples ? run.Gates : run.Results)[level];
    }

    /// <summary>Evaluations of one step or gate arrive one by one.</summary>
    private static bool IsComplete(SearchObjective objective, IEnumerable<Result> results)
    {
        var there = Points(objective, results).Select(point => point.Nfe).ToHashSet();
        return objective.Nfe.All(there.Contains);
    }

    private static List<(int Nfe, double Value)> Points(SearchObjective objective, IEnumerable<Result> results) =>
    [
        .. results.Where(result => result.Metric == objective.Metric && result.Head == objective.Head && string.Equals(result.Solver, SweepObjectives.Word(objective.Solver!.Value), StringComparison.OrdinalIgnoreCase))
            .Select(result => (result.Nfe, result.Value)),
    ];

    private async Task EndAsync(int trial, List<Outcome> runs, CancellationToken cancellation)
    {
        if (runs.Find(run => run.State != RunState.Completed) is { } failed)
        {
            var others = runs.Count(run => run.State == RunState.Completed);
            var reason = $"{failed.State}: {failed.Cause}{(others == 0 ? "" : $" {others} of its {runs.Count} runs completed.")}";
            ledger.Fail(trial, reason, final: failed.State is RunState.Cancelled or RunState.Pruned);
        }
        else if (runs.Count == 0)
        {
            ledger.Fail(trial, "Its runs were deleted.", final: true);
        }
        else
        {
            ledger.Finish(trial, await ValuesAsync(runs, cancellation));
        }
    }

    /// <summary>Each objective at the last evaluated step, the mean of the replicates; NaN where something was not measured or is not a number.</summary>
    private async Task<IReadOnlyList<double>> ValuesAsync(List<Outcome> runs, CancellationToken cancellation)
    {
        if (specification.Objectives.Count == 0)
        {
            return [double.NaN];
        }

        var values = new List<double>();
        foreach (var objective in specification.Objectives)
        {
            values.Add(objective.Measure == SearchMeasure.GpuHours
                ? await HoursAsync(runs, cancellation)
                : runs.Average(run => run.Results.Count == 0 ? double.NaN : objective.Of(Points(objective, run.Results[run.Results.Max(step => step.Key)]))));
        }

        return values;
    }

    private async Task<double> HoursAsync(List<Outcome> runs, CancellationToken cancellation)
    {
        var (ids, parameters) = Sql.In("run", runs.Select(run => run.Id));
        var ticks = await Sql.NumberAsync(context, $"SELECT SUM(ended_at - COALESCE(started_at, assigned_at)) FROM attempts WHERE run_id IN {ids} AND ended_at IS NOT NULL", cancellation, parameters) ?? 0;
        return TimeSpan.FromTicks(ticks).TotalHours / runs.Count;
    }

    private async Task ProposeAsync(CancellationToken cancellation)
    {
        var ahead = await AheadAsync(cancellation);
        var open = (int)(await Sql.NumberAsync(context, "SELECT COUNT(*) FROM runs WHERE sweep_id = @sweep AND state IN ('Queued', 'Running') AND pending_order <> 'Cancel'", cancellation, ("@sweep", sweep.Id)) ?? 0);
        for (var count = 0; open < ahead; count++)
        {
            if (count == MostAtOnce)
            {
                _effects.More = true;
                break;
            }

            switch (ledger.Next())
            {
                case LedgerEntry.Proposed proposed:
                    open += Plan(proposed);
                    break;
                case LedgerEntry.Retried retried:
                    open += await RetryAsync(retried, cancellation);
                    break;
                case LedgerEntry.Decided decided:
                    var members = (await RunsAsync([decided.Trial], cancellation))[decided.Trial].Select(run => new Outcome(run.Id, run.State, run.Cause, None, None)).ToList();
                    await CarryOutAsync(decided.Trial, decided.Decision, members, cancellation);
                    open += decided.Decision.Outcome == RungOutcome.Promote ? members.Count : 0;
                    break;
                default:
                    await WriteAsync(cancellation);
                    return;
            }
        }

        await WriteAsync(cancellation);
    }

    /// <summary>How many runs are queued or running at a time, as far as there are trials: twice as many as can run.</summary>
    private async Task<int> AheadAsync(CancellationToken cancellation)
    {
        if (sweep.MaxParallel is { } most)
        {
            return Math.Max(2 * most, LeastAhead);
        }

        var seen = await Sql.NowAsync(context, database.Dialect, cancellation) - Away.Ticks;
        var slots = (int)(await Sql.NumberAsync(context, "SELECT COUNT(*) FROM slots s JOIN workers w ON w.incarnation = s.incarnation WHERE w.last_seen >= @seen", cancellation, ("@seen", seen)) ?? 0);
        return Math.Max(2 * slots, LeastAhead);
    }

    private int Plan(LedgerEntry.Proposed proposed)
    {
        var trial = ledger.History.Trials[proposed.Trial].Configuration.ToTrial(proposed.Trial);
        var run = specification.Specify(trial);
        if (SpecificationRules.Check(run) is [var problem, ..])
        {
            // Not found among the configurations that were tried before the start.
            ledger.Fail(proposed.Trial, $"This configuration is impossible: {problem.Path}: {problem.Message}", final: true);
            return 0;
        }

        _planned.AddRange(SweepPlanner.Runs(sweep.Name, sweep.Replicates, trial, run));
        _reasons[proposed.Trial] = $"Queued by the search. {proposed.Reason.Text}";
        return sweep.Replicates;
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        if (_planned.Count == 0)
        {
            return;
        }

        await SweepRunWriter.WriteAsync(context, sweep, _planned, now, cancellation, _planned[0].Trial * sweep.Replicates);
        foreach (var (trial, reason) in _reasons)
        {
            await Sql.ExecuteAsync(
                context, "INSERT INTO run_events (run_id, at, attempt, from_state, to_state, cause) SELECT id, @now, 0, NULL, state, @cause FROM runs WHERE sweep_id = @sweep AND trial = @trial ORDER BY id", cancellation,
                ("@now", now), ("@cause", reason), ("@sweep", sweep.Id), ("@trial", trial));
        }

        _effects.Queued += _planned.Count;
    }

    private async Task<int> RetryAsync(LedgerEntry.Retried retried, CancellationToken cancellation)
    {
        var queued = 0;
        foreach (var run in (await RunsAsync([retried.Trial], cancellation))[retried.Trial].Where(run => run.State == RunState.Failed))
        {
            if (await database.LockRunAsync(context, run.Id, cancellation) is { State: RunState.Failed } entity)
            {
                entity.LostAttempts = 0;
                RunHistory.Move(context, entity, RunState.Queued, $"Tried again by the search (trial {retried.Trial + 1}, attempt {retried.Attempt}), from its last checkpoint.", null, now);
                Note(entity.Id);
                queued++;
            }
        }

        _effects.Queued += queued;
        return queued;
    }

    private async Task CarryOutAsync(int trial, RungDecision decision, List<Outcome> runs, CancellationToken cancellation)
    {
        var text = Sentence(decision.Text);
        switch (decision.Outcome)
        {
            case RungOutcome.Prune:
                foreach (var run in runs)
                {
                    await PruneAsync(run.Id, text, cancellation);
                }

                break;
            case RungOutcome.Wait:
                await HoldAsync(trial, runs, cancellation);
                break;
            default:
                foreach (var run in runs)
                {
                    await GoOnAsync(run.Id, text, cancellation);
                }

                break;
        }
    }

    private async Task PruneAsync(long id, string text, CancellationToken cancellation)
    {
        if (await database.LockRunAsync(context, id, cancellation) is not { } run || RunHistory.IsEnd(run.State))
        {
            return;
        }

        if (run.State != RunState.Running)
        {
            RunHistory.Move(context, run, RunState.Pruned, text, null, now);
            Note(run.Id);
        }
        else if (run.PendingOrder != OrderKind.Cancel && !run.CancelAtCheckpoint)
        {
            // No checkpoint is needed: nothing goes on from here.
            (run.PendingOrder, run.AfterPause, run.AfterPauseCause) = (OrderKind.Cancel, RunState.Pruned, text);
            await OrderAsync(run, IsOverSamples ? $"{text} It stops before the full evaluation is made." : $"{text} It stops after the step it is in.", cancellation);
        }
    }

    /// <summary>Keeps a waiting trial's runs from going on, also when someone resumed them.</summary>
    private async Task HoldAsync(int trial, List<Outcome> runs, CancellationToken cancellation)
    {
        var text = Sentence(ledger.History.Trials[trial].Decisions[^1].Text);
        foreach (var outcome in runs.Where(run => run.State is RunState.Queued or RunState.Running))
        {
            if (await database.LockRunAsync(context, outcome.Id, cancellation) is not { } run)
            {
                continue;
            }

            if (run.State == RunState.Queued)
            {
                RunHistory.Move(context, run, RunState.Paused, text, null, now);
                Note(run.Id);
            }
            else if (run is { State: RunState.Running, PendingOrder: OrderKind.Continue })
            {
                (run.PendingOrder, run.AfterPause, run.AfterPauseCause) = (OrderKind.Pause, RunState.Paused, text);
                await OrderAsync(run, $"{text} It writes a checkpoint first.", cancellation);
            }
        }
    }

    private async Task GoOnAsync(long id, string text, CancellationToken cancellation)
    {
        if (await database.LockRunAsync(context, id, cancellation) is not { } run)
        {
            return;
        }

        if (run.State == RunState.Paused)
        {
            RunHistory.Move(context, run, RunState.Queued, text, null, now);
            Note(run.Id);
            _effects.Queued++;
        }
        else if (run is { State: RunState.Running, PendingOrder: OrderKind.Pause, AfterPause: RunState.Paused })
        {
            // It was told to wait and cannot be told otherwise: it may have paused already.
            (run.AfterPause, run.AfterPauseCause) = (RunState.Queued, text);
            RunHistory.Note(context, run, text, now);
        }
        else
        {
            RunHistory.Note(context, run, text, now);
        }
    }

    private async Task OrderAsync(RunEntity run, string text, CancellationToken cancellation)
    {
        run.UpdatedAt = now;
        RunHistory.Note(context, run, text, now);
        Note(run.Id);
        if (await context.Attempts.AsNoTracking().FirstOrDefaultAsync(attempt => attempt.RunId == run.Id && attempt.Live, cancellation) is { } attempt)
        {
            _effects.Orders.Add(new AttemptOrder { RunId = run.Id, Attempt = attempt.Number, Incarnation = attempt.Incarnation, Order = run.PendingOrder });
        }
    }

    private void Note(long run) => _effects.Runs.Add(run);

    private async Task<ILookup<int, Row>> RunsAsync(IReadOnlyList<int> trials, CancellationToken cancellation)
    {
        var rows = new List<Row>();
        foreach (var chunk in trials.Chunk(1000))
        {
            rows.AddRange(await context.Runs.AsNoTracking().Where(run => run.SweepId == sweep.Id && chunk.Contains(run.Trial)).OrderBy(run => run.Replicate).Select(run => new Row(run.Id, run.Trial, run.State, run.Cause, run.Attempt > 0)).ToListAsync(cancellation));
        }

        return rows.ToLookup(row => row.Trial);
    }

    private async Task<ILookup<long, Result>> ResultsAsync(IReadOnlyList<long> runs, CancellationToken cancellation)
    {
        var results = new List<Result>();
        foreach (var chunk in specification.Objectives.Count == 0 ? [] : runs.Chunk(1000))
        {
            // Of two measurements of one number the first counts, as everywhere. The ids are written out, so that the query is planned each time: a plan that a server
            // made and kept while the table was small reads all of it.
            results.AddRange((await context.Evaluations.AsNoTracking().Where(e => EF.Constant(chunk).Contains(e.RunId)).OrderBy(e => e.Id).Select(e => new { e.RunId, e.Step, e.Gate, e.Metric, e.Solver, e.Nfe, e.Head, e.Value, e.Kind }).ToListAsync(cancellation))
                .Select(e => new Result(e.RunId, e.Step, e.Gate, e.Metric, e.Solver, e.Nfe, e.Head, Point.ValueOf(e.Value, e.Kind))));
        }

        return results.ToLookup(result => result.Run);
    }

    private static int? TrialOf(LedgerEntry entry) => entry switch
    {
        LedgerEntry.Proposed proposed => proposed.Trial,
        LedgerEntry.Retried retried => retried.Trial,
        LedgerEntry.Reported reported => reported.Trial,
        LedgerEntry.Decided decided => decided.Trial,
        LedgerEntry.Finished finished => finished.Trial,
        LedgerEntry.Failed failed => failed.Trial,
        _ => null,
    };

    private static string Sentence(string text) => $"{char.ToUpper(text[0], CultureInfo.InvariantCulture)}{text[1..]}.";

    private sealed record Row(long Id, int Trial, RunState State, string? Cause, bool Begun);

    private sealed record Result(long Run, int Step, int Gate, string Metric, string Solver, int Nfe, int Head, double Value);

    /// <param name="Id">Of the run.</param>
    /// <param name="State">Its state.</param>
    /// <param name="Cause">Why it has that.</param>
    /// <param name="Results">Full evaluations by step.</param>
    /// <param name="Gates">Those at gates, by gate.</param>
    private sealed record Outcome(long Id, RunState State, string? Cause, ILookup<int, Result> Results, ILookup<int, Result> Gates);
}
