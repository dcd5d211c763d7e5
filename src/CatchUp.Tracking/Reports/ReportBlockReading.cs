namespace CatchUp.Tracking.Reports;

/// <summary>A block as it was read: what it asks for, or why that cannot be told.</summary>
/// <param name="Block">Null when there are problems.</param>
public sealed record ReportBlockReading(ReportBlock? Block, IReadOnlyList<ReportProblem> Problems);
