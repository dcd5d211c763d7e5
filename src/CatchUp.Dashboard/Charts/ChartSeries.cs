using CatchUp.Tracking.Metrics;

namespace CatchUp.Dashboard.Charts;

/// <summary>A curve in a chart.</summary>
/// <param name="Key">Tells it from the chart's other curves, and stays while it grows.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Style">Its colour.</param>
/// <param name="Buckets">
/// Its points, or exact buckets of them. Of a mean: the mean, with its interval as the least and the greatest value, the runs that it is the mean of as the count,
/// and the runs without a finite value there.
/// </param>
/// <param name="BucketWidth">Steps per bucket; 1 means every point.</param>
/// <param name="TotalPoints">Points that there are in all its runs.</param>
/// <param name="Marks">Where a run was taken up again.</param>
/// <param name="MeanOf">How many runs the group has whose mean it is; 0 for a run's own curve.</param>
public sealed record ChartSeries(
    string Key, string Label, SeriesStyle Style, IReadOnlyList<CurveBucket> Buckets, int BucketWidth, long TotalPoints, IReadOnlyList<CurveMark> Marks, int MeanOf = 0)
{
    /// <summary>A run's own curve.</summary>
    public static ChartSeries Of(string key, string label, SeriesStyle style, Curve curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        return new(key, label, style, curve.Buckets, curve.BucketWidth, curve.TotalPoints, curve.Marks);
    }

    /// <summary>The mean of a group's curves; or these themselves, since one alone has no mean, and what is measured at unlike steps has none either.</summary>
    /// <param name="curves">By run; some may have none.</param>
    public static IReadOnlyList<ChartSeries> Of(ChartGroup group, IReadOnlyDictionary<long, Curve> curves)
    {
        ArgumentNullException.ThrowIfNull(group);
        List<Curve> own = [.. group.Runs.Where(curves.ContainsKey).Select(run => curves[run])];
        return own.Count > 1 && CurveMean.Of(own) is { Count: > 0 } mean
            ? [new(group.Key, group.Label, group.Style, mean, own[0].BucketWidth, own.Sum(curve => curve.TotalPoints), [], group.Runs.Count)]
            : [.. own.Select((curve, index) => Of(index == 0 ? group.Key : $"{group.Key}/{curve.RunId}", group.LabelOf(curve.RunId), group.Style with { Dash = group.Style.Dash + index }, curve))];
    }
}
