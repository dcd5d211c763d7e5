using System.Globalization;
using CatchUp.Dashboard.Charts;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Reports;

namespace CatchUp.Dashboard.Reports;

/// <summary>A block's data as what charts are drawn of.</summary>
internal static class ReportCharts
{
    public static ChartView ViewOf(ReportBlock block) => new(block.From, block.To, block.Log, block.Smoothing);

    public static IReadOnlyList<ChartRun> RunsOf(ReportData data) => [.. data.Runs.Select(run => new ChartRun(run.Id, data.LabelOf(run.Id)))];

    public static string AxisOf(ReportData data) => data.Curves.Select(curve => curve.Axis).FirstOrDefault() ?? "step";

    public static IReadOnlyList<ChartSeries> SeriesOf(ReportData data)
    {
        var styles = SeriesPalette.Assign(data.Runs.Select(run => run.Id));
        return [.. data.Curves.Select(series => ChartSeries.Of(series.RunId.ToString(CultureInfo.InvariantCulture), data.LabelOf(series.RunId), styles.GetValueOrDefault(series.RunId), CurveOf(series)))];
    }

    /// <summary>The protocols of a chart over NFE, each with its lines: unlike ones are never drawn together.</summary>
    public static IReadOnlyList<(FidProtocol Protocol, IReadOnlyList<FidLine> Lines)> LinesOf(ReportData data)
    {
        var styles = SeriesPalette.Assign(data.Runs.Select(run => run.Id));
        return [.. FidLines.Protocols(data.Evaluations).Where(protocol => !protocol.IsGate).Select(protocol => (protocol, FidLines.ByRun(data.Evaluations, protocol, RunsOf(data), styles)))];
    }

    /// <summary>What a block keeps of a bucket is where it begins and how wide it is, so its shade reaches over its whole width and its value stands at its end.</summary>
    private static Curve CurveOf(MetricSeries series) => new(
        series.RunId,
        series.BucketWidth,
        [.. series.Buckets.Select(bucket => (Bucket: bucket, End: bucket.Step + series.BucketWidth - 1)).Select(pair => new CurveBucket(
            pair.End, pair.Bucket.Step, pair.End, pair.Bucket.Min, pair.Bucket.Max, pair.Bucket.Last, pair.Bucket.Count, pair.Bucket.NotFinite))],
        series.TotalPoints,
        []);
}
