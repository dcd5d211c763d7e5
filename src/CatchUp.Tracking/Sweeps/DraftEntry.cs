namespace CatchUp.Tracking.Sweeps;

/// <summary>A row of a form: a dotted path and what was typed for it.</summary>
public sealed record DraftEntry(string Path, string Text);
