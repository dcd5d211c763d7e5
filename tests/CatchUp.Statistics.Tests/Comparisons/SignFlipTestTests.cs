using CatchUp.Statistics.Comparisons;
using CsCheck;

namespace CatchUp.Statistics.Tests.Comparisons;

public sealed class SignFlipTestTests
{
    /// <summary>Darwin's maize, for which Fisher counted 863 of 32,768 sums of at least 314 (The Design of Experiments, 1935, section 21).</summary>
    private static readonly double[] Maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

    [Fact]
    public void Fishers_count_is_found_again() => Assert.Equal(2 * 863 / 32_768.0, SignFlipTest.PValue(Maize, seed: 0));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 0.5)]
    [InlineData(5, 0.0625)]
    [InlineData(6, 0.03125)]
    public void Few_pairs_have_a_smallest_p(int pairs, double smallest) =>
        Assert.Equal(smallest, SignFlipTest.PValue([.. Enumerable.Range(1, pairs).Select(pair => 0.1 * pair)], seed: 0));

    [Fact]
    public void Differences_of_0_change_nothing() => Assert.Equal(1, SignFlipTest.PValue([0, 0, 0], seed: 0));

    [Fact]
    public void Drawn_patterns_come_near_the_exact_share()
    {
        // A pair without a difference changes no sum, and makes 16 pairs of 15.
        var drawn = SignFlipTest.PValue([.. Maize, 0], seed: 1);

        Assert.Equal(0.0527, drawn, 0.01);
        Assert.Equal(drawn, SignFlipTest.PValue([.. Maize, 0], seed: 1));
        Assert.NotEqual(drawn, SignFlipTest.PValue([.. Maize, 0], seed: 2));
    }

    [Fact]
    public void Whole_numbers_and_their_tenths_give_the_same_p() => Gen.Int[-4, 4].Array[1, 9].Sample(differences =>
        SignFlipTest.PValue([.. differences.Select(value => (double)value)], 0) == SignFlipTest.PValue([.. differences.Select(value => value / 10.0)], 0));
}
