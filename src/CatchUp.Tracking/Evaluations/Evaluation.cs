namespace CatchUp.Tracking.Evaluations;

/// <summary>A stored number about a snapshot's images. Only evaluations of the same <see cref="Protocol"/> may be ranked together.</summary>
public sealed record Evaluation
{
    public long Id { get; init; }

    public long RunId { get; init; }

    public int Step { get; init; }

    public required string Solver { get; init; }

    public int Nfe { get; init; }

    public int Head { get; init; }

    public required string Metric { get; init; }

    public required string Extractor { get; init; }

    /// <summary>Of the extractor's weights.</summary>
    public string ExtractorSha256 { get; init; } = "";

    public required string Reference { get; init; }

    /// <summary>Over all that decides the reference's numbers.</summary>
    public string ReferenceSha256 { get; init; } = "";

    public int Samples { get; init; }

    /// <summary>The gate it was measured for, of a search that stops trials within their last evaluation; 0 for a full evaluation.</summary>
    public int Gate { get; init; }

    public int NoiseBank { get; init; }

    public required string Quantisation { get; init; }

    /// <summary>Hash over all that makes two numbers comparable: extractor, reference, sample count, gate, quantisation, noise bank.</summary>
    public required string Fingerprint { get; init; }

    public double Value { get; init; }

    public double? Low { get; init; }

    public double? High { get; init; }

    public double SampleSeconds { get; init; }

    public double EvaluateSeconds { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>"fashion-mnist-cnn-2 · 500 samples · vs fashion-mnist train".</summary>
    public string Protocol => $"{Extractor} · {Samples:N0} samples · vs {Reference}{(Gate > 0 ? " · gate" : "")}";
}
