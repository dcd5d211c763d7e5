using CatchUp.Tracking.Statistics;

namespace CatchUp.Tracking.Tests.Statistics;

public sealed class ComparisonTests
{
    private static Dictionary<int, double> Seeds(params double[] values) => values.Index().ToDictionary(pair => pair.Index, pair => pair.Item);

    private static Dictionary<int, double> Others(params double[] values) => values.Index().ToDictionary(pair => 100 + pair.Index, pair => pair.Item);

    [Fact]
    public void Common_seeds_are_compared_in_pairs()
    {
        // R: t.test(c(11, 13, 12.5), c(10, 12.5, 11), paired = TRUE): t = 3.4641, df = 2, p = 0.07418, interval −0.2421 to 2.2421.
        var comparison = Comparison.Of(Seeds(10, 12.5, 11, double.NaN), Seeds(11, 13, 12.5, 3))!;

        Assert.Equal((3, 1.0), (comparison.Pairs, comparison.Difference));
        Assert.Equal(0.0741799, comparison.P!.Value, 1e-6);
        Assert.Equal(-0.2420689, comparison.Low!.Value, 1e-6);
        Assert.Equal(2.2420689, comparison.High!.Value, 1e-6);
        Assert.False(comparison.IsDifferent);
        Assert.Equal("No difference can be told (3 common seeds): it lies between -0.24 and 2.24, and 0 is among that.", comparison.Say(larger: false));
    }

    [Fact]
    public void Unlike_seeds_are_compared_without_taking_their_variances_for_equal()
    {
        // Welch's statistic by hand: means 2 and 7, variances 1 and 10/3, n 3 and 4: t = 5 / √(1/3 + 5/6) = 4.62910, ν = 4.7453.
        var comparison = Comparison.Of(Seeds(1, 2, 3), Others(5, 6, 8, 9))!;

        Assert.Equal((0, 5.0), (comparison.Pairs, comparison.Difference));
        Assert.Equal(0.0066, comparison.P!.Value, 5e-4);
        Assert.True(comparison.IsDifferent);
        Assert.StartsWith("5.00 ± 2.8", comparison.Say(larger: true), StringComparison.Ordinal);
        Assert.Contains("better (3 and 4 runs); chance alone makes as much about once in 1", comparison.Say(larger: true), StringComparison.Ordinal);
        Assert.Contains(" worse ", comparison.Say(larger: false), StringComparison.Ordinal);
    }

    [Fact]
    public void One_run_of_each_tells_nothing_and_says_so()
    {
        var comparison = Comparison.Of(Seeds(10), Others(12))!;

        Assert.Null(comparison.P);
        Assert.False(comparison.IsDifferent);
        Assert.Contains("cannot tell that from chance", comparison.Say(larger: false), StringComparison.Ordinal);
        Assert.Null(Comparison.Of(Seeds(), Seeds(1)));
        Assert.Null(Comparison.Of(Seeds(double.NaN), Seeds(1)));
    }

    /// <summary>The null: the same configuration with other seeds. It may be called a difference in one of twenty comparisons, no more.</summary>
    [Theory]
    [InlineData(3, true, false)]
    [InlineData(5, true, false)]
    [InlineData(10, true, false)]
    [InlineData(3, false, false)]
    [InlineData(5, false, false)]
    [InlineData(3, true, true)]
    [InlineData(5, true, true)]
    [InlineData(5, false, true)]
    public void The_same_configuration_is_called_different_at_the_nominal_rate(int seeds, bool paired, bool skewed)
    {
        const int Sweeps = 20_000;
        var random = new Random(7 * seeds);
        var flagged = 0;
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            // What a seed does to both is common to a pair.
            var first = Enumerable.Range(0, seeds).Select(_ => 20 + Draw()).ToArray();
            var second = Enumerable.Range(0, seeds).Select(_ => 20 + Draw()).ToArray();
            flagged += Comparison.Of(Seeds(first), paired ? Seeds(second) : Others(second))!.IsDifferent ? 1 : 0;
        }

        // Four standard errors of a rate of 5 %; skewed numbers may only be flagged more rarely.
        var error = 4 * Math.Sqrt(0.05 * 0.95 / Sweeps);
        Assert.InRange((double)flagged / Sweeps, skewed || !paired ? 0.02 : 0.05 - error, 0.05 + error);

        double Draw() => skewed ? -Math.Log(1 - random.NextDouble()) : Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    [Fact]
    public void A_real_difference_is_found_more_often_in_pairs()
    {
        var random = new Random(3);
        var (pairs, unlike) = (0, 0);
        for (var sweep = 0; sweep < 500; sweep++)
        {
            var seed = Enumerable.Range(0, 5).Select(_ => 5 * random.NextDouble()).ToArray();
            var first = seed.Select(value => value + random.NextDouble()).ToArray();
            var second = seed.Select(value => value + random.NextDouble() + 1).ToArray();
            pairs += Comparison.Of(Seeds(first), Seeds(second))!.IsDifferent ? 1 : 0;
            unlike += Comparison.Of(Seeds(first), Others(second))!.IsDifferent ? 1 : 0;
        }

        Assert.True(pairs > 3 * unlike, $"{pairs} in pairs, {unlike} otherwise");
    }

    [Fact]
    public void Many_comparisons_are_corrected_by_Holm()
    {
        // Four p-values, smallest times 4, next times 3, …, never falling.
        Assert.Equal([0.04, 0.06, 0.06, null, 0.02], Comparison.Holm([0.0134, 0.03, 0.0301, null, 0.005]).Select(p => p is { } value ? Math.Round(value, 2) : (double?)null));
        Assert.Equal([1.0, 1.0], Comparison.Holm([0.6, 0.9]));
        Assert.Empty(Comparison.Holm([]));
        Assert.Contains("Alone it would look like one", Comparison.Of(Seeds(1, 2, 3), Others(5, 6, 8, 9))!.Say(larger: true, corrected: 0.2), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_never_differ_are_told_apart_without_doubt()
    {
        Assert.Equal((0.0, 0.0), (Comparison.Of(Seeds(1, 1), Seeds(2, 2))!.P, Comparison.Of(Seeds(1, 1, 1), Others(2, 2))!.P));
        Assert.Equal(1.0, Comparison.Of(Seeds(1, 1), Seeds(1, 1))!.P);
    }

    [Fact]
    public void A_summary_counts_what_is_not_finite_apart()
    {
        Assert.Equal(new SampleSummary(1, 3, null, null, null, 2), SampleSummary.Of([3, double.NaN, double.PositiveInfinity]));
        Assert.Null(SampleSummary.Of([double.NaN]));
        var summary = SampleSummary.Of([1.0, 2, 3, 4])!;

        // t(0.975, 3) = 3.182446, s = 1.290994: half 2.054260.
        Assert.Equal((2.5, 1.2909944487358056), (summary.Mean, summary.Deviation));
        Assert.Equal(2.5 - 2.0542603, summary.Low!.Value, 1e-6);
        Assert.Equal(2.5 + 2.0542603, summary.High!.Value, 1e-6);
    }
}
