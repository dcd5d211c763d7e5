namespace CatchUp.Flow.Objectives;

/// <summary>Settings of a <see cref="CatchUpObjective"/>; the defaults are the paper's.</summary>
public sealed record CatchUpOptions
{
    public CatchUpOrder Order { get; init; } = CatchUpOrder.Rk12;

    public DeltaStrategy Delta { get; init; }

    /// <summary>N of the time grid that Δ is measured in. A discrete-time network must have the same.</summary>
    public int TimeSteps { get; init; } = 16;

    public LossWeights LossWeights { get; init; }

    /// <summary>
    /// Take the first slope from the training pass, detached, and save a pass. The two differ only in the dropout mask.
    /// Off for parity with the published numbers, though without dropout these are the same.
    /// </summary>
    public bool ReuseFirstSlope { get; init; } = true;
}
