namespace CatchUp.Tracking.Metrics;

/// <summary>The roll-up of the points with step / 4^level = bucket. Extremes and ends are those of the finite points.</summary>
internal sealed class BucketEntity
{
    public long RunId { get; set; }

    public int Level { get; set; }

    public int MetricId { get; set; }

    public long Bucket { get; set; }

    public double? Minimum { get; set; }

    public double? Maximum { get; set; }

    public long? FirstStep { get; set; }

    public double? FirstValue { get; set; }

    public long? LastStep { get; set; }

    public double? LastValue { get; set; }

    public long Count { get; set; }

    public long NotFinite { get; set; }
}
