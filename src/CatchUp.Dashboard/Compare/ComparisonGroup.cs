using CatchUp.Dashboard.Charts;
using CatchUp.Dashboard.Runs;
using CatchUp.Tracking.Runs;

namespace CatchUp.Dashboard.Compare;

/// <summary>Runs of a comparison that are alike but for the seed.</summary>
/// <param name="Key">Stays the same while runs come and go.</param>
/// <param name="Label">What sets it apart: the swept keys and their values; the run's name where it is alone.</param>
/// <param name="Style">That of its first run.</param>
/// <param name="Runs">In the order they were chosen in.</param>
public sealed record ComparisonGroup(string Key, string Label, SeriesStyle Style, IReadOnlyList<RunDetails> Runs)
{
    internal static IReadOnlyList<ComparisonGroup> Of(IReadOnlyList<RunDetails> runs, IReadOnlyDictionary<long, string> labels, IReadOnlyDictionary<long, SeriesStyle> styles)
    {
        var groups = runs
            .GroupBy(run => run.Summary.Configuration is { } configuration && !IsRepetition(run, runs) ? configuration : $"run {run.Summary.Id}")
            .Select(group => new ComparisonGroup(group.Key, LabelOf([.. group], labels), styles.GetValueOrDefault(group.First().Summary.Id), [.. group]))
            .ToList();

        // Replicates of two sweeps may be swept by other keys and look the same by theirs.
        var alike = groups.GroupBy(group => group.Label).Where(same => same.Count() > 1).Select(same => same.Key).ToHashSet();
        return [.. groups.Select(group => alike.Contains(group.Label) ? group with { Label = $"{group.Label} (run {group.Runs[0].Summary.Id}{(group.Runs.Count > 1 ? " …" : "")})" } : group)];
    }

    /// <summary>It makes again what another of the runs made: no replicate, for the same seed twice would say that seeds change nothing.</summary>
    private static bool IsRepetition(RunDetails run, IReadOnlyList<RunDetails> runs) => run.Summary.ReproducesRunId is { } original
        && runs.Any(other => other.Summary.Id == original || (other.Summary.ReproducesRunId == original && other.Summary.Id < run.Summary.Id));

    private static string LabelOf(IReadOnlyList<RunDetails> runs, IReadOnlyDictionary<long, string> labels) =>
        runs.Count == 1 ? labels[runs[0].Summary.Id]
        : RunWords.ShortParameters(runs[0].Summary) is { Length: > 0 } parameters ? parameters : runs[0].Summary.Name;
}
