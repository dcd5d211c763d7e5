using CatchUp.Dashboard.Parameters;
using CatchUp.Statistics.Importance;

namespace CatchUp.Dashboard.Compare;

/// <summary>Which keys make compared runs differ.</summary>
/// <param name="Set">What it was learnt from.</param>
/// <param name="From">That in words: "the runs of its sweep".</param>
/// <param name="Reference">The run from which differences are counted.</param>
/// <param name="Runs">The reference and those that are compared with it, as the explanation has them: runs without the number are not.</param>
/// <param name="Explanation">Null where fewer than two of the runs have the number.</param>
public sealed record LearntDifferences(ParameterSet Set, string From, long? Reference, IReadOnlyList<long> Runs, DifferenceExplanation? Explanation)
{
    /// <summary>Of a run that is not the reference, when something can be told.</summary>
    public ExplainedDifference? Of(long run)
    {
        var place = Runs.Index().FirstOrDefault(pair => pair.Item == run, (Index: -1, Item: 0)).Index;
        return place > 0 && Explanation is { NotEnough: null } explanation ? explanation.Differences[place - 1] : null;
    }
}
