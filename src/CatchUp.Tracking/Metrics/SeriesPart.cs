namespace CatchUp.Tracking.Metrics;

/// <summary>A stretch of a run's metric, and the buckets it is drawn from once they were read.</summary>
internal sealed class SeriesPart(MetricTop top, long from, long to)
{
    public MetricTop Top => top;

    /// <summary>First step.</summary>
    public long From => from;

    /// <summary>Last step.</summary>
    public long To => to;

    /// <summary>Steps per bucket.</summary>
    public long Width { get; set; } = 1;

    public List<BucketEntity> Buckets { get; set; } = [];
}
