namespace CatchUp.Tracking.Reports;

/// <summary>What a list shows of a report.</summary>
/// <param name="EditedBy">Who saved it last; null where nobody signs in.</param>
/// <param name="Frozen">Frozen blocks that it keeps the data of.</param>
public sealed record ReportSummary(long Id, string Title, string? Owner, string? EditedBy, int Version, int Frozen, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
