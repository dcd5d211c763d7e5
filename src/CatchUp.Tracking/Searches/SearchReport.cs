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

    /// <returns>The report but for its trials, whose numbers these are: what they were proposed for is not in the ledger's memory.</returns>
    internal static (SearchReport Report, int? Best, IReadOnlyList<int> Front) From(SweepEntity sweep, SearchSpecification specification, SearchLedger ledger)
    {
        var history = ledger.History;
        var states = new SortedDictionary<TrialState, int>();
        var (best, least) = ((int?)null, double.PositiveInfinity);
        foreach (var trial in history.Trials)
        {
            states[trial.State] = states.GetValueOrDefault(trial.State) + 1;
            if (specification.Objectives.Count > 0 && trial is { State: TrialState.Finished, Values: [var value, ..] } && double.IsFinite(value) && (ledger.Rules.Goals[0] == Goal.Minimize ? value : -value) is var cost && cost < least)
            {
                (best, least) = (trial.Index, cost);
            }
        }

        var report = new SearchReport
        {
            Method = SweepObjectives.Word(ledger.Rules.Method),
            Seed = ledger.Rules.Seed,
            Trials = ledger.Trials,
            States = states.ToDictionary(pair => SearchTrial.From(pair.Key), pair => pair.Value),
            Standing = Say(sweep, ledger),
            Objectives = [.. specification.Objectives.Select(objective => objective.Text)],
            Goals = [.. specification.Objectives.Select(objective => objective.Goal == Goal.Maximize ? SweepGoal.Maximize : SweepGoal.Minimize)],
            Resource = ledger.Rules.Stopping?.Ladders[0].Resource,
            Rungs = ledger.Rules.Stopping is { } stopping ? [.. stopping.Ladders[0].Levels.Select((level, rung) => RungOf(history, ledger.Rules.Goals[0], level, rung))] : [],
            Stopping = ledger.Rules.Stopping is null ? null : SearchStopping.From(StoppingReport.Make(history)),
            Entries = ledger.Length,
        };
        return (report, best, specification.Objectives.Count < 2 ? [] : [.. ParetoFront.Of(history).Select(trial => trial.Index)]);
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
        var decisions = history.Trials.Where(trial => trial.Decisions.Count > 0).Select(trial => trial.Decisions.LastOrDefault(decision => decision.Rung == rung)).OfType<RungDecision>().ToList();
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
