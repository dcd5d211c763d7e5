namespace CatchUp.Dashboard.Sweeps;

/// <summary>An unsaved draft as the browser keeps it.</summary>
/// <param name="Text">The sweep file.</param>
/// <param name="RequestId">Under which it was submitted, if it was and no answer came: the same id is never stored twice.</param>
/// <param name="SavedAt">When it was typed.</param>
public sealed record StoredDraft(string Text, Guid? RequestId, DateTimeOffset SavedAt);
