namespace CatchUp.Dashboard.Charts;

/// <summary>One line of the FID–NFE chart: all its points have the same protocol.</summary>
public sealed record FidLine(string Key, string Label, SeriesStyle Style, IReadOnlyList<FidPoint> Points);
