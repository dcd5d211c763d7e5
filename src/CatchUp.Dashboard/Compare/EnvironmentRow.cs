using CatchUp.Tracking.Reproductions;
using CatchUp.Tracking.Runs;

namespace CatchUp.Dashboard.Compare;

/// <summary>An entry of recorded environments that is not the same in all runs.</summary>
/// <param name="Key">As it is recorded.</param>
/// <param name="Label">As people call it.</param>
/// <param name="Values">By run, in their order; null where it is not recorded.</param>
public sealed record EnvironmentRow(string Key, string Label, IReadOnlyList<string?> Values)
{
    private static readonly string[] Code = ["commit", "source_changed", EnvironmentWords.Patch, "trainer"], Libraries = ["torch", "torchsharp", "dotnet"], Data = ["dataset", "dataset_sha256"];

    /// <summary>What differs, in the groups that it is shown in, and how many entries do not.</summary>
    public static (IReadOnlyList<(string Group, IReadOnlyList<EnvironmentRow> Rows)> Groups, int Same) Of(IReadOnlyList<RunDetails> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var keys = runs.SelectMany(run => run.Environment.Keys).Distinct().ToList();
        var rows = keys.ConvertAll(key => new EnvironmentRow(key, EnvironmentWords.Label(key), [.. runs.Select(run => run.Environment.GetValueOrDefault(key))]));
        var different = rows.FindAll(row => row.Values.Distinct().Count() > 1);

        // Its length says nothing that its hash does not.
        var shown = different.Where(row => row.Key != "patch_bytes").OrderBy(row => EnvironmentWords.Rank(row.Key)).ThenBy(row => row.Key, StringComparer.Ordinal)
            .GroupBy(row => GroupOf(row.Key)).Select(group => (group.Key, (IReadOnlyList<EnvironmentRow>)[.. group])).OrderBy(group => Array.IndexOf(Order, group.Key)).ToList();
        return (shown, rows.Count - different.Count);
    }

    private static readonly string[] Order = ["Code", "Data", "Machine", "Libraries", "Variables"];

    private static string GroupOf(string key) => Code.Contains(key) ? "Code"
        : Data.Contains(key) ? "Data"
        : Libraries.Contains(key) || key.StartsWith(EnvironmentWords.Packages, StringComparison.Ordinal) ? "Libraries"
        : key.StartsWith(EnvironmentWords.Variables, StringComparison.Ordinal) ? "Variables"
        : "Machine";
}
