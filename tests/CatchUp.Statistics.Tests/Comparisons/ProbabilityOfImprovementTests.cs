using CatchUp.Statistics.Comparisons;
using CsCheck;

namespace CatchUp.Statistics.Tests.Comparisons;

public sealed class ProbabilityOfImprovementTests
{
    [Fact]
    public void Pairs_are_counted_and_equal_values_half()
    {
        // Of 1 against 2, 2, 3 three are better; of 2 two are equal and one is better.
        var lower = ProbabilityOfImprovement.Of([1, 2, double.NaN], [2, 2, 3], Better.Lower, seed: 0)!;

        Assert.Equal(5 / 6.0, lower.Value, 1e-12);
        Assert.Equal((2, 3), (lower.CountA, lower.CountB));
        Assert.Null(lower.Interval);
        Assert.Equal(1 / 6.0, ProbabilityOfImprovement.Of([1, 2], [2, 2, 3], Better.Higher, seed: 0)!.Value, 1e-12);
        Assert.Null(ProbabilityOfImprovement.Of([double.NaN], [1], Better.Lower, seed: 0));
    }

    [Fact]
    public void Interval_lies_about_the_value_and_hangs_on_the_seed_alone() => Gen.Select(Gen.Double[0, 1].Array[5, 12], Gen.Double[0, 1.5].Array[5, 12], Gen.Int[0, 9]).Sample((a, b, seed) =>
    {
        var one = ProbabilityOfImprovement.Of(a, b, Better.Lower, seed)!;
        Assert.Equal(one, ProbabilityOfImprovement.Of(a, b, Better.Lower, seed));
        Assert.True(one.Interval!.Value.Contains(one.Value), one.ToString());
        Assert.Equal(1 - one.Value, ProbabilityOfImprovement.Of(b, a, Better.Lower, seed)!.Value, 1e-12);
    }, iter: 30);
}
