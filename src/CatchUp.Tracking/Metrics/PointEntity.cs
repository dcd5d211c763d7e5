namespace CatchUp.Tracking.Metrics;

/// <summary>A point of a metric. The table is made by each provider's own SQL and written by prepared statements.</summary>
internal sealed class PointEntity
{
    public long RunId { get; set; }

    public int MetricId { get; set; }

    /// <summary>Optimizer updates, or seconds since the run was created for <c>system/</c>.</summary>
    public long Step { get; set; }

    /// <summary>Null when <see cref="Kind"/> says that it is not finite.</summary>
    public double? Value { get; set; }

    public PointKind Kind { get; set; }

    public long At { get; set; }
}
