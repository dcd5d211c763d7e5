namespace CatchUp.Tracking.Reports;

/// <summary>What is wrong with a block of a report, and where.</summary>
/// <param name="Line">In the report's text, from 1.</param>
/// <param name="Column">In the line, from 1.</param>
/// <param name="Message">What is wrong and how to mend it.</param>
/// <param name="Suggestion">The closest right word, if one is close.</param>
public sealed record ReportProblem(int Line, int Column, string Message, string? Suggestion = null);
