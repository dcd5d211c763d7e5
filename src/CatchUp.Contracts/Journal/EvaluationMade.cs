namespace CatchUp.Contracts.Journal;

/// <summary>
/// One number about the images a snapshot generates. Its identity is (run, step, snapshot, solver, NFE, head, metric, fingerprint);
/// numbers with unlike fingerprints are never ranked together.
/// </summary>
public sealed record EvaluationMade : JournalEntry
{
    public int Step { get; init; }

    /// <summary>SHA-256 of the evaluated snapshot.</summary>
    public required string SnapshotSha256 { get; init; }

    public required string Solver { get; init; }

    public int Nfe { get; init; }

    public int Head { get; init; } = 1;

    /// <summary>"fid" or "kid".</summary>
    public required string Metric { get; init; }

    public double Value { get; init; }

    /// <summary>Bounds of the 95 % bootstrap interval, where one was made.</summary>
    public double? Low { get; init; }

    public double? High { get; init; }

    /// <summary>Generated images behind the number.</summary>
    public int Samples { get; init; }

    /// <summary>The entry of <c>evaluation.gates</c> that it was measured for, before the full evaluation; 0 for the full evaluation.</summary>
    public int Gate { get; init; }

    /// <summary>Name of the feature extractor, part of the metric's label everywhere.</summary>
    public required string Extractor { get; init; }

    public required string ExtractorSha256 { get; init; }

    /// <summary>What the images are compared with, in words: "fashion-mnist train".</summary>
    public required string Reference { get; init; }

    public required string ReferenceSha256 { get; init; }

    /// <summary>"8 bit".</summary>
    public required string Quantisation { get; init; }

    public int NoiseBank { get; init; }

    public double SampleSeconds { get; init; }

    public double EvaluateSeconds { get; init; }
}
