namespace CatchUp.Dashboard.Reports;

/// <summary>What the browser kept of a report that was not saved.</summary>
/// <param name="Version">The version that was written over; 0 for a new report.</param>
public sealed record KeptDraft(string Title, string Text, int Version, DateTimeOffset At);
