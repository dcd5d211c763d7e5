using CatchUp.Dashboard.Reports;
using CatchUp.Tracking.Reports;

namespace CatchUp.Dashboard.Api;

/// <summary>A report with its text.</summary>
/// <param name="Blocks">In the order of the text.</param>
/// <param name="Problems">What is wrong with its blocks; the text is stored all the same.</param>
internal sealed record ApiReportDetails(
    long Id, string Title, string? Owner, string? EditedBy, int Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string Text, IReadOnlyList<ApiReportBlock> Blocks, IReadOnlyList<ReportProblem> Problems)
{
    public static ApiReportDetails From(Report report)
    {
        var document = ReportDocument.Parse(report.Text);
        var summary = report.Summary;
        return new(
            summary.Id, summary.Title, summary.Owner, summary.EditedBy, summary.Version, summary.CreatedAt, summary.UpdatedAt, report.Text,
            [.. document.Blocks.Select(block => new ApiReportBlock(block.Number, block.Kind, block.Line, block.Reading.Block is { } read ? ReportWords.TitleOf(read) : null, block.Frozen))],
            document.Problems);
    }
}
