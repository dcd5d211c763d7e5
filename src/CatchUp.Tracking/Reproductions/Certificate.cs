namespace CatchUp.Tracking.Reproductions;

/// <summary>A run and the one that repeats it, compared in all that both recorded.</summary>
public sealed record Certificate
{
    /// <summary>At most so many entries of one kind are listed; all are counted.</summary>
    public const int MostListed = 200;

    public int Format { get; init; } = 1;

    public required CertificateResult Result { get; init; }

    /// <summary>In a sentence.</summary>
    public required string Verdict { get; init; }

    /// <summary>Both runs have ended, so nothing of this changes any more.</summary>
    public bool Final { get; init; }

    public DateTimeOffset MadeAt { get; init; }

    public required CertifiedRun Original { get; init; }

    public required CertifiedRun Reproduction { get; init; }

    public ComparedPoints Points { get; init; } = new();

    public ComparedEvaluations Evaluations { get; init; } = new();

    public ComparedSnapshots Snapshots { get; init; } = new();

    public ComparedSamples Samples { get; init; } = new();

    /// <summary>What differs in the environments of the two, what explains unlike numbers best first.</summary>
    public IReadOnlyList<EnvironmentDifference> Environment { get; init; } = [];

    /// <summary>How many entries of the environments are the same.</summary>
    public int SameEnvironment { get; init; }

    /// <summary>What could not be compared, and why, in sentences.</summary>
    public IReadOnlyList<string> NotCompared { get; init; } = [];
}
