namespace CatchUp.Flow.Training;

/// <summary>How a network is trained, beside its objective.</summary>
public sealed record TrainingOptions
{
    /// <summary>Seed of everything random in training.</summary>
    public required int Seed { get; init; }

    /// <summary>Updates of the whole training: what progress is measured against.</summary>
    public required int Iterations { get; init; }

    /// <summary>Images per update.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Mirror images left to right with probability one half.</summary>
    public bool HorizontalFlip { get; init; }

    public AdamOptions Adam { get; init; } = new();

    public EmaOptions Ema { get; init; } = new();
}
