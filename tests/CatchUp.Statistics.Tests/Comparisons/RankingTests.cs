using CatchUp.Statistics.Comparisons;
using CsCheck;

namespace CatchUp.Statistics.Tests.Comparisons;

public sealed class RankingTests
{
    [Fact]
    public void Groups_stand_by_mean_with_those_tied_with_the_best()
    {
        var ranking = Ranking.Of([Group("far", 90, 91, 89, 92, 90), Group("near", 10.2, 11, 9.5, 10.6, 9.9), Group("best", 10, 10.9, 9.6, 10.1, 10.3), Group("single", 3), Group("diverged", double.NaN)], Better.Lower);

        Assert.Equal(["single", "best", "near", "far", "diverged"], ranking.Groups.Select(group => group.Group.Name));
        Assert.Equal([Standing.Undecided, Standing.Best, Standing.TiedWithBest, Standing.Worse, Standing.Undecided], ranking.Groups.Select(group => group.Standing));
        Assert.Equal(("best", 3), (ranking.Best!.Group.Name, ranking.Comparisons));
        Assert.Equal("best has the best mean, but cannot be told from near; worse by more than chance explains: far. Too few runs to say anything of single and diverged.", Verdict.Of(ranking));
    }

    [Fact]
    public void Higher_is_best_where_higher_is_better()
    {
        var ranking = Ranking.Of([Group("low", 1, 2, 1.5), Group("high", 101, 102.5, 101.7)], Better.Higher);

        Assert.Equal(("high", "high is best; all others are worse by more than chance explains."), (ranking.Best!.Group.Name, Verdict.Of(ranking)));
    }

    [Fact]
    public void Without_two_runs_anywhere_there_is_no_best()
    {
        var ranking = Ranking.Of([Group("a", 1), Group("b", 2)], Better.Lower);

        Assert.Null(ranking.Best);
        Assert.Equal("No best can be told: no group has two runs with a finite value.", Verdict.Of(ranking));
    }

    [Fact]
    public void More_groups_ask_for_larger_differences()
    {
        var two = new[] { Group("a", 1, 2, 3, 4, 5), Group("b", 2, 3.1, 4.2, 4.9, 6.3) };
        var many = two.Concat(Enumerable.Range(0, 8).Select(index => Group($"{index}", 50, 51, 52, 50, 51)));

        Assert.Equal(Standing.Worse, Ranking.Of(two, Better.Lower).Groups[1].Standing);
        var among = Ranking.Of([.. many], Better.Lower).Groups;
        Assert.Equal(("b", Standing.Worse), (among[1].Group.Name, among[1].Standing));
        Assert.True(among[1].AdjustedPValue > Ranking.Of(two, Better.Lower).Groups[1].AdjustedPValue);
    }

    [Fact]
    public void Where_common_seeds_contradict_the_means_nothing_is_worse()
    {
        // Over all runs a is better; seed by seed it is worse, by about 1.
        var a = new Replicates("a", [new(1, 10), new(2, 20.1), new(3, 30), new(4, 40.1), new(5, 0), new(6, 0)]);
        var b = new Replicates("b", [new(1, 9), new(2, 19), new(3, 29), new(4, 39)]);
        var ranking = Ranking.Of([a, b], Better.Lower);

        Assert.Equal((Outcome.Lower, Standing.TiedWithBest), (ranking.Groups[1].AgainstBest!.Outcome, ranking.Groups[1].Standing));
    }

    [Fact]
    public void Standing_adjusted_p_and_interval_agree() => Gen.Select(Gen.Int[0, 100_000], Gen.Int[2, 8], Gen.Double[0, 3]).Sample((seed, groups, apart) =>
    {
        var random = new Random(seed);
        var ranking = Ranking.Of([.. Enumerable.Range(0, groups).Select(index => Group($"{index}", [.. Enumerable.Range(0, 5).Select(_ => random.NextDouble() + (apart * index))]))], Better.Lower);
        Assert.Single(ranking.Groups, group => group.Standing == Standing.Best);
        foreach (var group in ranking.Groups.Where(group => group.Standing != Standing.Best))
        {
            Assert.Equal(group.Standing == Standing.Worse, group.AdjustedPValue < 0.05);
            Assert.Equal(group.Standing == Standing.TiedWithBest, group.AgainstBest!.Interval!.Value.Contains(0));
        }
    });

    private static Replicates Group(string name, params double[] values) => new(name, [.. values.Select((value, seed) => new SeededValue(seed, value))]);
}
