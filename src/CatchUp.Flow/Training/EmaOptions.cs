namespace CatchUp.Flow.Training;

/// <summary>Settings of <see cref="Ema"/>.</summary>
public sealed record EmaOptions
{
    /// <summary>Decay per step, in [0, 1).</summary>
    public double Decay { get; init; } = 0.9999;

    /// <summary>Start with a short memory: the decay of step i, from 0, is min(Decay, (1 + i)/(10 + i)).</summary>
    public bool Warmup { get; init; }
}
