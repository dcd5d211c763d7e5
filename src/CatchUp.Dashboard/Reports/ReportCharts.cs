using System.Globalization;
using CatchUp.Dashboard.Charts;
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
        return [.. data.Curves.Select(curve => new ChartSeries(curve.RunId.ToString(CultureInfo.InvariantCulture), data.LabelOf(curve.RunId), styles.GetValueOrDefault(curve.RunId), curve.Buckets, curve.BucketWidth))];
    }

    /// <summary>The protocols of a chart over NFE, each with its lines: unlike ones are never drawn together.</summary>
    public static IReadOnlyList<(FidProtocol Protocol, IReadOnlyList<FidLine> Lines)> LinesOf(ReportData data)
    {
        var styles = SeriesPalette.Assign(data.Runs.Select(run => run.Id));
        return [.. FidLines.Protocols(data.Evaluations).Where(protocol => !protocol.IsGate).Select(protocol => (protocol, FidLines.ByRun(data.Evaluations, protocol, RunsOf(data), styles)))];
    }
}
