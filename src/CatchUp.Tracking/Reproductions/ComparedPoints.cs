namespace CatchUp.Tracking.Reproductions;

/// <summary>The points of all metrics but those of speed and of the machine.</summary>
public sealed record ComparedPoints
{
    public long Identical { get; init; }

    public long Different { get; init; }

    /// <summary>Points that only one of the two has, up to the step that both reached.</summary>
    public long Missing { get; init; }

    /// <summary>Metric by metric, those with differences first.</summary>
    public IReadOnlyList<ComparedMetric> Metrics { get; init; } = [];

    /// <summary>Metrics beyond those that are listed.</summary>
    public int MoreMetrics { get; init; }
}
