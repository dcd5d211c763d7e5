using CatchUp.Contracts.Runs;
using CatchUp.Tracking.Filters;

namespace CatchUp.Tracking.Runs;

/// <summary>Runs that are alike in what a list is grouped by.</summary>
public sealed record RunGroup
{
    /// <summary>What they have in common: a value for each term of <see cref="RunQuery.Groups"/>.</summary>
    public required IReadOnlyList<TermValue> Key { get; init; }

    public required int Runs { get; init; }

    public required IReadOnlyDictionary<RunState, int> States { get; init; }

    /// <summary>The oldest of them, which stands for all in what has no mean.</summary>
    public required RunSummary First { get; init; }

    /// <summary>What they have of each of <see cref="RunQuery.Columns"/>, by the term's text.</summary>
    public required IReadOnlyDictionary<string, GroupValue> Values { get; init; }

    public GroupValue ValueOf(RunTerm term) => Values.GetValueOrDefault(term.Text, GroupValue.None);
}
