using CatchUp.Tracking.Metrics;

namespace CatchUp.Dashboard.Charts;

/// <summary>A curve over steps that <see cref="SvgChart"/> draws.</summary>
/// <param name="Key">Tells it from the chart's other curves.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Style">Its colour.</param>
/// <param name="Buckets">Its points by step, or exact buckets of them.</param>
/// <param name="BucketWidth">Steps per bucket; 1 means every point.</param>
internal sealed record SvgSeries(string Key, string Label, SeriesStyle Style, IReadOnlyList<MetricBucket> Buckets, int BucketWidth);
