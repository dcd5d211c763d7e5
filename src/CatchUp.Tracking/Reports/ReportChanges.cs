using System.Text.Json;
using CatchUp.Contracts;

namespace CatchUp.Tracking.Reports;

/// <summary>What became of a frozen block's runs.</summary>
public static class ReportChanges
{
    private const int MostNamed = 5;

    /// <returns>Sentences; none when the database still says the same.</returns>
    public static IReadOnlyList<string> Between(ReportData frozen, ReportData live)
    {
        ArgumentNullException.ThrowIfNull(frozen);
        ArgumentNullException.ThrowIfNull(live);

        // Both as this version writes them: a key that older data has not got is no change.
        if (FrozenData.HashOf(frozen) == FrozenData.HashOf(live))
        {
            return [];
        }

        var there = live.Runs.Select(run => run.Id).ToHashSet();
        var gone = frozen.Runs.Where(run => !there.Contains(run.Id)).Select(run => run.Id).ToList();
        var before = frozen.Runs.Select(run => run.Id).ToHashSet();
        var added = live.Runs.Where(run => !before.Contains(run.Id)).Select(run => run.Id).ToList();
        var changed = before.Where(run => there.Contains(run) && Part(frozen, run) != Part(live, run)).ToList();
        var sentences = new List<string>();
        if (gone.Count > 0)
        {
            sentences.Add(frozen.Block.Filter is null
                ? $"{Names(frozen, gone)} {(gone.Count == 1 ? "is" : "are")} gone."
                : $"{Names(frozen, gone)} {(gone.Count == 1 ? "is" : "are")} gone or no longer found by the filter.");
        }

        if (changed.Count > 0)
        {
            sentences.Add($"{Names(frozen, changed)} {(changed.Count == 1 ? "has" : "have")} changed.");
        }

        if (added.Count > 0)
        {
            sentences.Add($"{Names(live, added)} {(added.Count == 1 ? "is" : "are")} found too.");
        }

        return sentences.Count > 0 ? sentences : ["The order or the number of its runs has changed."];
    }

    /// <summary>What the data says about one run.</summary>
    private static string Part(ReportData data, long run) => JsonSerializer.Serialize(
        new
        {
            Run = data.Runs.FirstOrDefault(candidate => candidate.Id == run),
            Curves = data.Curves.Where(curve => curve.RunId == run),
            Evaluations = data.Evaluations.Where(evaluation => evaluation.RunId == run),
            Grids = data.Grids.Where(grid => grid.RunId == run),
            Rows = data.Rows.Where(row => row.Run == run),
        },
        ContractJson.Options);

    private static string Names(ReportData data, List<long> runs)
    {
        var named = runs.Take(MostNamed).Select(run => $"{data.LabelOf(run)}{(data.LabelOf(run).Contains($"run {run}", StringComparison.Ordinal) ? "" : $" (run {run})")}").ToList();
        var rest = runs.Count - named.Count;
        return rest > 0 ? $"{string.Join(", ", named)} and {rest:N0} more"
            : named.Count == 1 ? named[0]
            : $"{string.Join(", ", named.SkipLast(1))} and {named[^1]}";
    }
}
