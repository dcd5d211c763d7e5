using CatchUp.Dashboard.Shell;
using CatchUp.Tracking.Runs;

namespace CatchUp.Dashboard.Runs;

/// <summary>What a deletion does, before it is done.</summary>
internal static class DeletionWords
{
    /// <summary>"Deletes 3 runs, 12 evaluations, 6 sample grids and 4 checkpoints, 412 MB in all."</summary>
    public static string Of(Deletion deletion, string? before = null)
    {
        List<string> parts = [Figures.Plural(deletion.Runs, "run", "runs")];
        if (before is not null)
        {
            parts.Insert(0, before);
        }

        if (deletion.Evaluations > 0)
        {
            parts.Add(Figures.Plural(deletion.Evaluations, "evaluation", "evaluations"));
        }

        if (deletion.SampleGrids > 0)
        {
            parts.Add(Figures.Plural(deletion.SampleGrids, "sample grid", "sample grids"));
        }

        if (deletion.Checkpoints > 0)
        {
            parts.Add(Figures.Plural(deletion.Checkpoints, "checkpoint", "checkpoints"));
        }

        var list = parts.Count == 1 ? parts[0] : $"{string.Join(", ", parts[..^1])} and {parts[^1]}";
        return $"Deletes {list}; frees {Figures.Bytes(deletion.Bytes)}.";
    }
}
