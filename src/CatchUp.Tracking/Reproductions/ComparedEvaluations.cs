namespace CatchUp.Tracking.Reproductions;

/// <summary>Numbers about images that both runs should have: of the same step, solver, NFE, head, metric and protocol.</summary>
public sealed record ComparedEvaluations
{
    public int Identical { get; init; }

    public int Different { get; init; }

    /// <summary>Those that only one of the two has, though the specification asks both for it.</summary>
    public int Missing { get; init; }

    /// <summary>Those that only the original has because they were made later, in a way that the specification does not ask for.</summary>
    public int Extra { get; init; }

    /// <summary>Those that each measured by another protocol: another extractor or other reference files.</summary>
    public int Unlike { get; init; }

    public double? LargestAbsolute { get; init; }

    public double? LargestRelative { get; init; }

    /// <summary>Those that differ or are missing.</summary>
    public IReadOnlyList<ComparedEvaluation> Differences { get; init; } = [];
}
