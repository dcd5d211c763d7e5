namespace CatchUp.Tracking.Sweeps;

/// <param name="Document">The sweep file as it was submitted.</param>
/// <param name="SweptKeys">Dotted paths of the space.</param>
public sealed record SweepDetails(SweepSummary Summary, string Document, IReadOnlyList<string> SweptKeys)
{
    /// <summary>Those of the keys that are numbers between two bounds, as a search draws them; a grid has none.</summary>
    public IReadOnlyList<SweptNumber> Numbers { get; init; } = [];
}
