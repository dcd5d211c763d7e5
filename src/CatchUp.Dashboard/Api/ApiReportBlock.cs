using CatchUp.Tracking.Reports;

namespace CatchUp.Dashboard.Api;

/// <summary>A block of a report.</summary>
/// <param name="Number">From 1, in the order of the text.</param>
/// <param name="Line">Where it begins.</param>
/// <param name="Title">Null when it could not be read.</param>
/// <param name="Frozen">SHA-256 of its data; null when it is live.</param>
internal sealed record ApiReportBlock(int Number, ReportBlockKind Kind, int Line, string? Title, string? Frozen);
