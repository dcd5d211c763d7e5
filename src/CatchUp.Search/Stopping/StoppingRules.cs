using CatchUp.Search.Methods;

namespace CatchUp.Search.Stopping;

/// <summary>
/// How trials are stopped early: asynchronous successive halving (ASHA: Li et al., 2020), in brackets when asked (Hyperband: Li et al.,
/// 2018, its brackets run side by side and asynchronously).
/// </summary>
public sealed record StoppingRules
{
    /// <summary>One, or two: over training steps, and within an evaluation over samples.</summary>
    public required IReadOnlyList<Ladder> Ladders { get; init; }

    /// <summary>Whether a trial that is not yet among the best waits to be taken on later, as in the paper; else it stops at once, which needs no paused runs.</summary>
    public bool Waits { get; init; }

    /// <summary>Whether some trials skip the lower rungs of the first ladder, as a guard against early values that mislead.</summary>
    public bool Brackets { get; init; }

    /// <summary>Values to know at a rung before one is pruned; at least 1. Null: the reduction, rounded up.</summary>
    public int? Least { get; init; }

    /// <summary>Share of trials, from 0 to 1, that finish whatever the rungs say: they show what pruning costs.</summary>
    public double SparedShare { get; init; } = 0.05;

    /// <summary>What is wrong with the rules, and how to mend it; null when nothing is.</summary>
    public string? Problem() =>
        Ladders.Count is 0 or > 4 ? "Early stopping needs 1 to 4 ladders."
        : Ladders.Select(ladder => ladder.Resource).Distinct().Count() != Ladders.Count ? "Two ladders have the same name."
        : Ladders.Select(ladder => ladder.Problem()).FirstOrDefault(problem => problem is not null) is { } wrong ? wrong
        : Least < 1 ? "At least one value has to be known at a rung."
        : !(SparedShare is >= 0 and <= 1) ? "The share of spared trials is from 0 to 1."
        : null;

    /// <summary>The rungs of a ladder at which a trial is compared, by their numbers.</summary>
    /// <param name="ladder">Place of the ladder.</param>
    /// <param name="trial">The trial's number.</param>
    public IEnumerable<int> RungsOf(int ladder, int trial) => Enumerable.Range(0, Ladders[ladder].Levels.Count).Where(rung => ladder > 0 || rung >= BracketOf(trial));

    /// <summary>
    /// The first rung of the first ladder at which a trial is compared. Brackets take trials in turn, as many each as Hyperband gives
    /// them: with K rungs, ⌈(K + 1) / (K − b + 1) · η^(K − b)⌉ in the one that begins at rung b; the last one never stops.
    /// </summary>
    public int BracketOf(int trial)
    {
        if (!Brackets)
        {
            return 0;
        }

        var rungs = Ladders[0].Levels.Count;
        var sizes = Enumerable.Range(0, rungs + 1).Select(bracket => (long)Math.Min(1e9, Math.Ceiling((rungs + 1.0) / (rungs - bracket + 1) * Math.Pow(Ladders[0].Reduction, rungs - bracket)))).ToArray();
        // The smallest first, so that a short sweep has something of each.
        var place = trial % sizes.Sum();
        for (var bracket = rungs; bracket > 0; bracket--)
        {
            if (place < sizes[bracket])
            {
                return bracket;
            }

            place -= sizes[bracket];
        }

        return 0;
    }

    /// <summary>Whether a trial finishes whatever the rungs say.</summary>
    internal bool Spares(int seed, int trial) => new CounterRandom(seed, trial, Purposes.Control).Next() < SparedShare;

    internal int LeastAt(int ladder) => Least ?? (int)Math.Ceiling(Ladders[ladder].Reduction);
}
