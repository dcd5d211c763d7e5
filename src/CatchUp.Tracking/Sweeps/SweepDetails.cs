namespace CatchUp.Tracking.Sweeps;

/// <param name="Document">The sweep file as it was submitted.</param>
/// <param name="SweptKeys">Dotted paths of the space.</param>
public sealed record SweepDetails(SweepSummary Summary, string Document, IReadOnlyList<string> SweptKeys);
