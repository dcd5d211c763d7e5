namespace CatchUp.Tracking.Reports;

/// <summary>A text about runs, with its blocks.</summary>
/// <param name="Text">Markdown.</param>
public sealed record Report(ReportSummary Summary, string Text);
