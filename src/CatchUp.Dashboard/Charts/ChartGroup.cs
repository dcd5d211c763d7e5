namespace CatchUp.Dashboard.Charts;

/// <summary>Runs that are drawn as one line: their mean, with its interval.</summary>
/// <param name="Key">Stays the same while runs come and go.</param>
/// <param name="Runs">All of them: a mean of some would be another one.</param>
public sealed record ChartGroup(string Key, string Label, SeriesStyle Style, IReadOnlyList<long> Runs);
