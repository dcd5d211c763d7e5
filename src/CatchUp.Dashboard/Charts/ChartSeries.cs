using CatchUp.Tracking.Metrics;

namespace CatchUp.Dashboard.Charts;

/// <summary>A curve in a chart.</summary>
/// <param name="Key">Tells it from the chart's other curves, and stays while it grows.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Style">Its colour.</param>
/// <param name="Buckets">Its points by step, or exact buckets of them.</param>
/// <param name="BucketWidth">Steps per bucket; 1 means every point.</param>
public sealed record ChartSeries(string Key, string Label, SeriesStyle Style, IReadOnlyList<MetricBucket> Buckets, int BucketWidth);
