using CatchUp.Tracking.Metrics;

namespace CatchUp.Tracking.Evaluations;

internal sealed class EvaluationEntity
{
    public long Id { get; set; }

    public long RunId { get; set; }

    public int Step { get; set; }

    public required string SnapshotSha256 { get; set; }

    public required string Solver { get; set; }

    public int Nfe { get; set; }

    public int Head { get; set; }

    public required string Metric { get; set; }

    public required string Extractor { get; set; }

    public required string ExtractorSha256 { get; set; }

    public required string Reference { get; set; }

    public required string ReferenceSha256 { get; set; }

    public int Samples { get; set; }

    /// <summary>0 for a full evaluation.</summary>
    public int Gate { get; set; }

    public int NoiseBank { get; set; }

    public required string Quantisation { get; set; }

    /// <summary>Hash over extractor, reference, sample count, gate, quantisation and noise bank.</summary>
    public required string Fingerprint { get; set; }

    /// <summary>Null when <see cref="Kind"/> says that it is not finite.</summary>
    public double? Value { get; set; }

    public PointKind Kind { get; set; }

    public double? Low { get; set; }

    public double? High { get; set; }

    public double SampleSeconds { get; set; }

    public double EvaluateSeconds { get; set; }

    public long At { get; set; }
}
