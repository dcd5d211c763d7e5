namespace CatchUp.Tracking.Metrics;

/// <summary>A metric of a run, drawn from at most the buckets asked for.</summary>
/// <param name="BucketWidth">Steps per bucket; 1 means every point as it is.</param>
public sealed record MetricSeries(long RunId, string Name, string Axis, int BucketWidth, IReadOnlyList<MetricBucket> Buckets, long TotalPoints);
