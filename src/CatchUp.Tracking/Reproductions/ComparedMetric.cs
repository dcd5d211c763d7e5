namespace CatchUp.Tracking.Reproductions;

/// <summary>One metric of two runs, point by point.</summary>
public sealed record ComparedMetric
{
    public required string Name { get; init; }

    public long Identical { get; init; }

    public long Different { get; init; }

    /// <summary>Points that only the original has.</summary>
    public long OnlyOriginal { get; init; }

    /// <summary>Points that only the reproduction has.</summary>
    public long OnlyReproduction { get; init; }

    /// <summary>The first step where bits differ; null: nowhere.</summary>
    public long? FirstStep { get; init; }

    /// <summary>Largest |a − b| of finite values.</summary>
    public double? LargestAbsolute { get; init; }

    public long? LargestAbsoluteStep { get; init; }

    /// <summary>Largest |a − b| / max(|a|, |b|) of finite values.</summary>
    public double? LargestRelative { get; init; }

    public long? LargestRelativeStep { get; init; }

    /// <summary>Points where one is a number and the other is not, or another infinity: they have no distance.</summary>
    public long NoDistance { get; init; }

    public bool IsSame => Different == 0 && OnlyOriginal == 0 && OnlyReproduction == 0;
}
