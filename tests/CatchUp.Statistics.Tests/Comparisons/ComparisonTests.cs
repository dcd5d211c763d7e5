using CatchUp.Statistics.Comparisons;
using CsCheck;

namespace CatchUp.Statistics.Tests.Comparisons;

public sealed class ComparisonTests
{
    /// <summary>Hours of sleep gained with two drugs, in Student's paper of 1908.</summary>
    private static readonly double[] FirstDrug = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    private static readonly double[] SecondDrug = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

    [Fact]
    public void Common_seeds_are_compared_in_pairs()
    {
        var comparison = Comparison.Of(Seeded(FirstDrug), Seeded(SecondDrug));

        Assert.Equal((ComparisonMethod.Paired, 10, Outcome.Higher), (comparison.Method, comparison.CommonSeeds, comparison.Outcome));
        Assert.Equal(1.58, comparison.Difference!.Value, 1e-12);
        Assert.Equal(9, comparison.DegreesOfFreedom);
        // R: t.test(extra ~ group, data = sleep, paired = TRUE)
        Assert.Equal(0.002833, comparison.PValue!.Value, 5e-7);
        Assert.Equal(0.7001142, comparison.Interval!.Value.Low, 5e-8);
        Assert.Equal(2.4598858, comparison.Interval!.Value.High, 5e-8);
    }

    [Fact]
    public void Runs_without_common_seeds_are_compared_by_Welchs_test()
    {
        var comparison = Comparison.Of(Unseeded(FirstDrug), Unseeded(SecondDrug));

        Assert.Equal((ComparisonMethod.Welch, 0, Outcome.Tie), (comparison.Method, comparison.CommonSeeds, comparison.Outcome));
        Assert.Null(comparison.PermutationPValue);
        // R: t.test(extra ~ group, data = sleep)
        Assert.Equal(17.776, comparison.DegreesOfFreedom!.Value, 5e-4);
        Assert.Equal(0.07939, comparison.PValue!.Value, 5e-6);
        Assert.Equal(-0.2054832, comparison.Interval!.Value.Low, 5e-8);
        Assert.Equal(3.3654832, comparison.Interval!.Value.High, 5e-8);
    }

    [Fact]
    public void The_seeds_alone_decide_what_is_paired()
    {
        // Two of two are common; two of ten are not worth giving up eight runs of each for.
        Assert.Equal(ComparisonMethod.Paired, Method([1, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
        Assert.Equal(ComparisonMethod.Paired, Method([1, 2, 3, 4], [3, 4, 5, 6]));
        Assert.Equal(ComparisonMethod.Welch, Method([1, 2, 3, 4, 5], [4, 5, 6, 7, 8]));
        Assert.Equal(ComparisonMethod.Welch, Method([1, 2], [2, 3]));
        Assert.Equal(ComparisonMethod.None, Method([1], [1]));

        static ComparisonMethod Method(long[] a, long[] b) =>
            Comparison.Of([.. a.Select(seed => new SeededValue(seed, Math.Sin(seed)))], [.. b.Select(seed => new SeededValue(seed, Math.Cos(seed)))]).Method;
    }

    [Fact]
    public void Degrees_of_freedom_stay_below_those_of_two_small_groups()
    {
        // Satterthwaite's would be 8.99: nearly all the spread is seen in the ten.
        var comparison = Comparison.Of(Unseeded(1, 1.001), Unseeded(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));

        Assert.Equal(2, comparison.DegreesOfFreedom);
    }

    [Fact]
    public void Runs_with_the_same_seed_count_by_their_mean()
    {
        var comparison = Comparison.Of([new(1, 1), new(1, 3), new(2, 5)], [new(1, 4), new(2, 8)]);

        Assert.Equal((2, 2.5), (comparison.CommonSeeds, comparison.Difference));
    }

    [Fact]
    public void Values_that_are_not_finite_are_left_out_with_their_pair()
    {
        var comparison = Comparison.Of(Seeded(1, 2, double.NaN, 4), Seeded(3, 5, 7, double.PositiveInfinity));

        Assert.Equal((1, 1, 2, 2.5), (comparison.NonFiniteA, comparison.NonFiniteB, comparison.CommonSeeds, comparison.Difference));
        var nothing = Comparison.Of(Seeded(double.NaN), Seeded(1, 2));
        Assert.Equal((Outcome.Undecided, "there are no finite values to compare"), (nothing.Outcome, nothing.Reason));
    }

    [Fact]
    public void Values_without_spread_decide_nothing()
    {
        var constant = Comparison.Of(Seeded(1, 1, 1), Seeded(2, 2, 2));
        Assert.Equal((Outcome.Undecided, null, 1.0), (constant.Outcome, constant.PValue, constant.Difference));
        // 0.1 + 0.2 is not quite 0.3, which is no spread either.
        Assert.Equal(Outcome.Undecided, Comparison.Of(Seeded(0.1, 0.2, 0.7), Seeded(0.2, 0.3, 0.1 + 0.7)).Outcome);

        var same = Comparison.Of(Seeded(1, 2, 3), Seeded(1, 2, 3));
        Assert.Equal((Outcome.Tie, 1.0), (same.Outcome, same.PValue));
        Assert.Equal(0, same.Interval!.Value.HalfWidth);
    }

    private static readonly Gen<SeededValue[]> Group = Gen.Select(Gen.Int[0, 6].Select(seed => seed == 6 ? (long?)null : seed), Gen.OneOf(Gen.Double, Gen.Double[0, 1])).Select((seed, value) => new SeededValue(seed, value)).Array[0, 8];

    [Fact]
    public void Swapping_the_groups_turns_the_sign_and_nothing_else() => Gen.Select(Group, Group).Sample((a, b) =>
    {
        var (one, other) = (Comparison.Of(a, b), Comparison.Of(b, a));
        Assert.Equal(-one.Difference, other.Difference);
        Assert.Equal(one.PValue, other.PValue);
        Assert.Equal(one.PermutationPValue, other.PermutationPValue);
        Assert.Equal(one.Outcome switch { Outcome.Lower => Outcome.Higher, Outcome.Higher => Outcome.Lower, _ => one.Outcome }, other.Outcome);
    });

    [Fact]
    public void A_tie_is_an_interval_that_includes_0() => Gen.Select(Group, Group, Gen.Double[0.5, 0.999]).Sample((a, b, confidence) =>
    {
        var comparison = Comparison.Of(a, b).At(confidence);
        Assert.Equal(comparison.Reason is not null, comparison.Outcome == Outcome.Undecided);
        Assert.Equal(comparison.Reason is null, comparison.Interval is not null);
        // Beyond p = α by rounding alone either is right.
        if (comparison.Interval is { } interval && Math.Abs(comparison.PValue!.Value - (1 - confidence)) > 1e-9)
        {
            Assert.Equal(comparison.Outcome == Outcome.Tie, interval.Contains(0));
        }
    });

    private static SeededValue[] Seeded(params double[] values) => [.. values.Select((value, index) => new SeededValue(index, value))];

    private static SeededValue[] Unseeded(params double[] values) => [.. values.Select(value => new SeededValue(null, value))];
}
