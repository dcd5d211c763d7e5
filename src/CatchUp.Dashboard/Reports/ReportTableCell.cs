namespace CatchUp.Dashboard.Reports;

/// <summary>A cell of a table in a report.</summary>
/// <param name="Exact">All digits, and of a number about images its protocol.</param>
/// <param name="IsBest">The best value of its column.</param>
/// <param name="IsUnlike">Measured otherwise than most of its column.</param>
internal sealed record ReportTableCell(string Text, string Exact, bool IsNumber, bool IsBest, bool IsUnlike);
