using CatchUp.Dashboard.Charts;
using CatchUp.Dashboard.FidNfe;
using CatchUp.Statistics.Comparisons;
using CatchUp.Tracking.Evaluations;

namespace CatchUp.Dashboard.Tests.FidNfe;

public sealed class FidRankingTests
{
    [Fact]
    public void Single_runs_are_tied_where_their_intervals_overlap()
    {
        var ranks = Rank([("a", [10], 1), ("b", [11.5], 1), ("c", [13], 0.9)]);

        Assert.Equal([("a", "1", "lowest"), ("b", "= 1", "tied: intervals overlap"), ("c", "3", "worse in this run")], ranks.Select(rank => (rank.Line.Label, rank.PlaceText, rank.Standing)));
        Assert.Contains("overlap", ranks[1].Words, StringComparison.Ordinal);
        Assert.Contains("seeds may differ by more", ranks[1].Words, StringComparison.Ordinal);
        Assert.Contains("what another seed would give is not known", ranks[2].Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_interval_nothing_is_said()
    {
        var ranks = Rank([("a", [10], null), ("b", [90], 1)]);

        Assert.Equal(("2", "cannot be told", false), (ranks[1].PlaceText, ranks[1].Standing, ranks[1].IsTied));
    }

    [Fact]
    public void Replicates_are_told_apart_over_their_seeds()
    {
        var ranks = Rank([("best", [10, 11, 12, 13], 0.1), ("near", [11, 11, 12.5, 13], 0.1), ("far", [30, 31, 32, 33.5], 0.1)]);

        Assert.Equal([("best", "best"), ("near", "tied with the best"), ("far", "worse")], ranks.Select(rank => (rank.Line.Label, rank.Standing)));
        Assert.Contains("No difference can be told", ranks[1].Words, StringComparison.Ordinal);
        Assert.Contains("4 common seeds", ranks[2].Words, StringComparison.Ordinal);
        Assert.Equal(["1", "= 1", "3"], ranks.Select(rank => rank.PlaceText));
    }

    [Fact]
    public void Single_run_before_replicates_does_not_become_the_best()
    {
        var ranks = Rank([("one", [5], 0.1), ("many", [10, 11, 12], 0.1), ("more", [20, 21, 22.2], 0.1)]);

        Assert.Equal([("one", "lowest"), ("many", "best of several runs"), ("more", "worse")], ranks.Select(rank => (rank.Line.Label, rank.Standing)));
    }

    [Fact]
    public void Largest_comes_first_where_larger_is_better()
    {
        var ranks = Rank([("a", [0.2], 0.01), ("b", [0.9], 0.01)], Better.Higher);

        Assert.Equal([("b", "highest"), ("a", "worse in this run")], ranks.Select(rank => (rank.Line.Label, rank.Standing)));
    }

    [Fact]
    public void What_is_not_finite_comes_last_without_a_place()
    {
        var ranks = Rank([("a", [double.NaN], 1), ("b", [double.PositiveInfinity], 1), ("c", [4], 1)]);

        Assert.Equal([("c", "1", "alone"), ("a", "–", "not finite"), ("b", "–", "not finite")], ranks.Select(rank => (rank.Line.Label, rank.PlaceText, rank.Standing)));
    }

    [Fact]
    public void Line_without_a_number_at_the_nfe_is_not_ranked() => Assert.Empty(FidRanking.Of(Lines([("a", [1], 1)]), 8, Better.Lower));

    private static IReadOnlyList<FidRank> Rank((string Label, double[] Values, double? Margin)[] groups, Better better = Better.Lower) => FidRanking.Of(Lines(groups), 4, better);

    private static IReadOnlyList<FidLine> Lines((string Label, double[] Values, double? Margin)[] groups)
    {
        var subjects = new List<FidSubject>();
        var evaluations = new List<Evaluation>();
        foreach (var (label, values, margin) in groups)
        {
            var runs = values.Select((value, seed) => (Id: evaluations.Count + seed + 1L, seed)).ToList();
            subjects.Add(new(label, label, default, runs));
            evaluations.AddRange(values.Zip(runs, (value, run) => Measured.Of(run.Id, 4, value, margin: margin)));
        }

        return FidLines.Of(evaluations, FidLines.Protocols(evaluations)[0], subjects, CheckpointChoice.Last);
    }
}
