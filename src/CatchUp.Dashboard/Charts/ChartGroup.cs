namespace CatchUp.Dashboard.Charts;

/// <summary>Runs that are drawn as one line: their mean, with its interval.</summary>
/// <param name="Key">Stays the same while runs come and go.</param>
/// <param name="Runs">All of them: a mean of some would be another one.</param>
public sealed record ChartGroup(string Key, string Label, SeriesStyle Style, IReadOnlyList<long> Runs)
{
    /// <summary>What one of its runs is called where it stands alone.</summary>
    public string LabelOf(long run) => Runs.Count == 1 ? Label : $"{Label} (run {run})";
}
