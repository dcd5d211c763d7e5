namespace CatchUp.Flow.Training;

/// <summary>Settings of <see cref="Adam"/>.</summary>
public sealed record AdamOptions
{
    /// <summary>Learning rate after the warm-up.</summary>
    public double LearningRate { get; init; } = 2e-4;

    /// <summary>w: step i, from 0, uses LearningRate · min(i/w, 1); 0 is no warm-up.</summary>
    public int WarmupSteps { get; init; }

    public double Beta1 { get; init; } = 0.9;

    public double Beta2 { get; init; } = 0.999;

    public double Epsilon { get; init; } = 1e-8;
}
