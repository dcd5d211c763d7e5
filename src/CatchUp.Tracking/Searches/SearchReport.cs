using CatchUp.Search.Ledger;
using CatchUp.Search.Objectives;
using CatchUp.Search.Stopping;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Tracking.Searches;

/// <summary>How a search stands.</summary>
public sealed record SearchReport
{
    /// <summary>grid, random, sobol, tpe.</summary>
    public required string Method { get; init; }

    public int Seed { get; init; }

    /// <summary>How many trials it is to have, with what it was extended by.</summary>
    public int Trials { get; init; }

    /// <summary>Trials in each state; states without trials are left out.</summary>
    public required IReadOnlyDictionary<SearchTrialState, int> States { get; init; }

    /// <summary>What happens next, or why nothing does, in a sentence.</summary>
    public required string Standing { get; init; }

    /// <summary>In words.</summary>
    public required IReadOnlyList<string> Objectives { get; init; }

    public required IReadOnlyList<SweepGoal> Goals { get; init; }

    /// <summary>The finished trial that is best in the first objective.</summary>
    public SearchTrial? Best { get; init; }

    /// <summary>Of several objectives: the finished trials that no other one dominates, by the first. Empty with one objective.</summary>
    public IReadOnlyList<SearchTrial> Front { get; init; } = [];

    /// <summary>What is spent from rung to rung: steps or samples; null when every trial finishes.</summary>
    public string? Resource { get; init; }

    /// <summary>Empty when every trial finishes.</summary>
    public IReadOnlyList<SearchRung> Rungs { get; init; } = [];

    /// <summary>What stopping early saved, and what it may have cost; null when every trial finishes.</summary>
    public SearchStopping? Stopping { get; init; }

    /// <summary>Lines of the ledger.</summary>
    public long Entries { get; init; }

    internal static SearchReport From(SweepEntity sweep, SearchSpecification specification, SearchLedger ledger)
    {
        var history = ledger.History;
        var best = specification.Objectives.Count == 0 ? null : history.Trials.Where(trial => trial is { State: TrialState.Finished, Values: [var value, ..] } && double.IsFinite(value))
            .OrderBy(trial => ledger.Rules.Goals[0] == Goal.Minimize ? trial.Values![0] : -trial.Values![0]).ThenBy(trial => trial.Index).FirstOrDefault();
        return new SearchReport
        {
            Method = SweepObjectives.Word(ledger.Rules.Method),
            Seed = ledger.Rules.Seed,
            Trials = ledger.Trials,
            States = history.Trials.GroupBy(trial => trial.State).OrderBy(group => group.Key).ToDictionary(group => SearchTrial.From(group.Key), group => group.Count()),
            Standing = Say(sweep, ledger),
            Objectives = [.. specification.Objectives.Select(objective => objective.Text)],
            Goals = [.. specification.Objectives.Select(objective => objective.Goal == Goal.Maximize ? SweepGoal.Maximize : SweepGoal.Minimize)],
            Best = best is null ? null : SearchTrial.From(best),
            Front = specification.Objectives.Count < 2 ? [] : [.. ParetoFront.Of(history).Select(SearchTrial.From)],
            Resource = ledger.Rules.Stopping?.Ladders[0].Resource,
            Rungs = ledger.Rules.Stopping is { } stopping ? [.. stopping.Ladders[0].Levels.Select((level, rung) => RungOf(history, ledger.Rules.Goals[0], level, rung))] : [],
            Stopping = ledger.Rules.Stopping is null ? null : SearchStopping.From(StoppingReport.Make(history)),
            Entries = ledger.Length,
        };
    }

    private static string Say(SweepEntity sweep, SearchLedger ledger) => ledger.Standing switch
    {
        LedgerStanding.Paused when sweep.SearchStopped => "Cancelled: nothing more is tried until the sweep is resumed.",
        LedgerStanding.Paused when sweep.Paused => "Paused: nothing more is proposed until the sweep is resumed.",
        LedgerStanding.Paused => "The deadline has passed: nothing more is tried.",
        LedgerStanding.Complete => "Complete: every trial has its end.",
        LedgerStanding.Full => "All trials are proposed; the last results are awaited.",
        _ => "Searching: the next trials are proposed as runs end.",
    };

    private static SearchRung RungOf(SearchHistory history, Goal goal, long level, int rung)
    {
        var decisions = history.Trials.SelectMany(trial => trial.Decisions.Where(decision => decision.Rung == rung).TakeLast(1)).ToList();
        var values = decisions.Select(decision => decision.Value).Where(double.IsFinite).ToList();
        return new SearchRung(
            level,
            decisions.Count,
            decisions.Count(decision => decision.Outcome == RungOutcome.Promote),
            decisions.Count(decision => decision.Outcome == RungOutcome.Prune),
            decisions.Count(decision => decision.Outcome == RungOutcome.Wait),
            decisions.Count(decision => decision.Spared),
            values.Count == 0 ? null : goal == Goal.Minimize ? values.Min() : values.Max(),
            decisions.MaxBy(decision => decision.Known)?.Threshold);
    }
}
