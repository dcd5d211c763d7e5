using CatchUp.Search.Ledger;
using CatchUp.Search.Objectives;

namespace CatchUp.Search.Stopping;

/// <summary>What early stopping saved and, from the trials that finished although the rungs said no, an estimate of what it cost.</summary>
public sealed record StoppingReport
{
    /// <summary>Trials stopped at a rung.</summary>
    public required int Pruned { get; init; }

    /// <summary>Trials that the rungs would have stopped and that finished.</summary>
    public required int Spared { get; init; }

    /// <summary>Those of them that ended better than every trial the rungs let through.</summary>
    public required int Missed { get; init; }

    /// <summary>By how much on average a spared trial ended better than the best the rungs let through, 0 for those that did not; in the objective's unit. NaN without spared trials.</summary>
    public required double MeanRegret { get; init; }

    /// <summary>The largest such difference: what this sweep would have lost without sparing; NaN without spared trials.</summary>
    public required double LargestRegret { get; init; }

    /// <summary>In the first objective.</summary>
    public static StoppingReport Make(SearchHistory history)
    {
        var goal = history.Goals[0];
        var finished = history.Trials.Where(trial => trial.State == TrialState.Finished).Select(trial => (Spared: trial.Decisions.Any(decision => decision.Spared), Cost: goal.Cost(trial.Values![0]))).ToList();
        var best = finished.Where(trial => !trial.Spared).Select(trial => trial.Cost).DefaultIfEmpty(double.PositiveInfinity).Min();
        var regrets = double.IsFinite(best) ? finished.Where(trial => trial.Spared).Select(trial => Math.Max(0, best - trial.Cost)).ToList() : [];
        return new StoppingReport
        {
            Pruned = history.Trials.Count(trial => trial.State == TrialState.Pruned),
            Spared = regrets.Count,
            Missed = regrets.Count(regret => regret > 0),
            MeanRegret = regrets.Count == 0 ? double.NaN : regrets.Average(),
            LargestRegret = regrets.Count == 0 ? double.NaN : regrets.Max(),
        };
    }

    /// <summary>The report in words.</summary>
    public string Text => Spared == 0
        ? Say($"{Pruned} trials were stopped early; none was spared, so what that cost is not known.")
        : Say($"{Pruned} trials were stopped early. Of {Spared} that the rungs would have stopped too and that finished anyway, {Missed} ended better than all others; stopping would have lost {MeanRegret:G4} on average and {LargestRegret:G4} at most.");

    private static string Say(FormattableString text) => text.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
