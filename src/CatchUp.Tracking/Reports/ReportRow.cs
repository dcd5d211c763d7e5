namespace CatchUp.Tracking.Reports;

/// <summary>A run's values, one for each of the block's columns.</summary>
public sealed record ReportRow(long Run, IReadOnlyList<ReportCell> Cells);
