namespace CatchUp.Tracking.Metrics;

/// <summary>The exact extremes and ends of a stretch of points. <paramref name="Count"/> counts all points, <paramref name="NotFinite"/> those without a finite value; the values are null when no point is finite.</summary>
public sealed record MetricBucket(long Step, double? Min, double? Max, double? First, double? Last, long Count, long NotFinite);
