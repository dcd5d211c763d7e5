using System.Globalization;
using CatchUp.Dashboard.Charts;
using CatchUp.Dashboard.Shell;
using CatchUp.Tracking.Reports;
using CatchUp.Tracking.Samples;

namespace CatchUp.Dashboard.Reports;

/// <summary>Blocks of reports in words.</summary>
internal static class ReportWords
{
    /// <summary>What stands over a block that has no title of its own.</summary>
    public static string TitleOf(ReportBlock block) => block.Title ?? block.Kind switch
    {
        ReportBlockKind.Table => "Runs",
        ReportBlockKind.Matrix => "Samples, same noise",
        _ when block.Over == ReportAxis.Nfe => $"{MetricWord.Of(block.Metric ?? "fid")} over NFE",
        _ => block.Metric ?? "",
    };

    public static string Kind(ReportBlockKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>What is missing from what was asked for.</summary>
    public static IReadOnlyList<string> Missing(ReportData data)
    {
        var sentences = new List<string>();
        if (data.Missing.Count > 0)
        {
            sentences.Add($"There {(data.Missing.Count == 1 ? "is no run" : "are no runs")} {string.Join(", ", data.Missing)}.");
        }

        if (data.Block.Filter is not null && data.Total > data.Runs.Count)
        {
            sentences.Add($"The filter finds {Figures.Count(data.Total)} runs; the first {Figures.Count(data.Runs.Count)} are shown.");
        }

        if (data.OtherNoise.Count > 0)
        {
            sentences.Add($"Other noise, so not beside these: {string.Join(", ", data.OtherNoise.Select(data.LabelOf))}.");
        }

        return sentences;
    }

    /// <summary>Why a block shows nothing; null when it shows something.</summary>
    public static string? Empty(ReportData data) => data.Runs.Count == 0
        ? data.Block.Filter is null ? "None of its runs is there." : "The filter finds no runs."
        : data.Block.Kind switch
        {
            ReportBlockKind.Matrix when data.Grids.Count == 0 => "None of these runs has such samples.",
            ReportBlockKind.Chart when data.Block.Over == ReportAxis.Nfe && data.Evaluations.Count == 0 => $"None of these runs has {MetricWord.Of(data.Block.Metric ?? "fid")} over NFE{(data.Block.Solver is null ? "" : $" with {data.Block.Solver}")}.",
            _ => null,
        };

    /// <summary>"run 3 · step 300 · euler · NFE 4 · head 1 · noise bank 1".</summary>
    public static string Identity(SampleGrid grid) => string.Create(CultureInfo.InvariantCulture, $"run {grid.RunId} · step {grid.Step} · {grid.Solver} · NFE {grid.Nfe} · head {grid.Head} · noise bank {grid.NoiseBank}");

    /// <summary>"euler · head 1 · noise bank 1 · step 300".</summary>
    public static string Common(IReadOnlyList<SampleGrid> grids)
    {
        var steps = grids.Select(grid => grid.Step).Distinct().ToList();
        return grids.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{grids[0].Solver} · head {grids[0].Head} · noise bank {grids[0].NoiseBank} · {(steps.Count == 1 ? $"step {Figures.Count(steps[0])}" : "each at its last step")}");
    }

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";
}
