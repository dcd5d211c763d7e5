namespace CatchUp.Tracking.Reports;

/// <summary>A report as someone wants it stored.</summary>
/// <param name="Text">Markdown.</param>
/// <param name="Frozen">Data of blocks that the text calls frozen, as far as it is new.</param>
public sealed record ReportDraft(string Title, string Text, IReadOnlyList<FrozenData> Frozen);
