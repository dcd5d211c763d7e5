namespace CatchUp.Tracking.Reports;

/// <summary>What became of a save.</summary>
/// <param name="Report">As it is stored now: one's own, or at a conflict the other's; null when there is none.</param>
public sealed record ReportSaving(ReportSavingResult Result, string Message, Report? Report);
