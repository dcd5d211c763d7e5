namespace CatchUp.Tracking.Metrics;

/// <summary>A metric of a run over an axis.</summary>
/// <param name="BucketWidth">Steps per bucket; 1 means every point as it is. The same for all runs that were asked for together.</param>
/// <param name="TotalPoints">Points that the whole curve has.</param>
/// <param name="Marks">Where it was taken up again.</param>
public sealed record Curve(long RunId, int BucketWidth, IReadOnlyList<CurveBucket> Buckets, long TotalPoints, IReadOnlyList<CurveMark> Marks);
