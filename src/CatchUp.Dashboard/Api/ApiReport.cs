using CatchUp.Tracking.Reports;

namespace CatchUp.Dashboard.Api;

internal sealed record ApiReport(long Id, string Title, string? Owner, string? EditedBy, int Version, int Frozen, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static ApiReport From(ReportSummary report) => new(report.Id, report.Title, report.Owner, report.EditedBy, report.Version, report.Frozen, report.CreatedAt, report.UpdatedAt);
}
