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

    /// <summary>
    /// Share of each batch that catches up, its first samples; the catch-up terms are means over these. Fewer targets cost less
    /// time. An option of ours; 1 is the paper's.
    /// </summary>
    public double Share { get; init; } = 1;

    /// <summary>
    /// What measures the catch-up terms instead of the MSE between velocities: the distance of the clean images z_t − t·v_i and
    /// z_t − t·T_i that the velocities promise. Null is the MSE.
    /// </summary>
    public PerceptualDistance? Perceptual { get; init; }

    /// <summary>Weight of the <see cref="WaveletDetail"/> between z₁ − v₁ and the image; 0 leaves it out.</summary>
    public double WaveletWeight { get; init; }
}
