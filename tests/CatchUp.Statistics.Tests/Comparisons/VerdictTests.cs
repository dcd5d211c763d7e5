using CatchUp.Statistics.Comparisons;

namespace CatchUp.Statistics.Tests.Comparisons;

public sealed class VerdictTests
{
    [Theory]
    [InlineData(Better.Lower, "B is better by 2.10 ± 0.60 (5 common seeds); a difference as large by chance alone happens about once in 1,600 such comparisons.")]
    [InlineData(Better.Higher, "A is better by 2.10 ± 0.60 (5 common seeds); a difference as large by chance alone happens about once in 1,600 such comparisons.")]
    [InlineData(null, "B is lower by 2.10 ± 0.60 (5 common seeds); a difference as large by chance alone happens about once in 1,600 such comparisons.")]
    public void A_difference_is_told_with_its_uncertainty_and_the_chance_of_it(Better? better, string words) =>
        Assert.Equal(words, Of([20, 21, 22, 23, 24], [18.4, 18.8, 19.2, 20.8, 22.3], better));

    [Fact]
    public void A_tie_tells_what_could_have_been_seen()
    {
        Assert.Equal(
            "No difference can be told: B is better by 1 ± 13; 2 common seeds are too few to see one smaller than 13.",
            Of([10, 12], [10, 10], Better.Lower));
        Assert.Equal(
            "No difference can be told: A is better by 0.5 ± 2.3; 3 runs of A and 3 of B are too few to see one smaller than 2.3.",
            Of([1, 2, 3], [1.5, 2.5, 3.5], Better.Lower, seeded: false));
    }

    [Fact]
    public void Runs_that_allow_no_test_are_named_with_the_reason()
    {
        Assert.Equal(
            "No difference can be told: one run says nothing about how far runs differ; at least 2 runs of each are needed. In these runs B is better by 3.00. 1 run of B has no finite value and is left out.",
            Of([10], [7, double.NaN], Better.Lower));
        Assert.Equal(
            "No difference can be told: there are no finite values to compare. 2 runs of A have no finite value and are left out.",
            Of([double.NaN, double.NaN], [7], Better.Lower));
        Assert.Equal("A and B have the same values (2 common seeds).", Of([1, 2], [1, 2], Better.Lower));
    }

    [Fact]
    public void Very_small_and_very_large_numbers_are_written_with_powers_of_ten()
    {
        Assert.StartsWith("B is higher by 2E-12 ± ", Of([1e-12, 2e-12, 3e-12], [3e-12, 4.1e-12, 4.9e-12], null), StringComparison.Ordinal);
        Assert.StartsWith("B is higher by 2E+12 ± ", Of([1e12, 2e12, 3e12], [3e12, 4.1e12, 4.9e12], null), StringComparison.Ordinal);
        Assert.Contains("by chance alone happens less than once in a million such comparisons", Of([1, 2, 3, 4, 5, 6, 7, 8], [101, 102, 103, 104, 105.1, 106, 107, 108], null), StringComparison.Ordinal);
    }

    [Fact]
    public void A_correction_takes_the_place_of_the_comparisons_own_chance()
    {
        var comparison = Comparison.Of([new(1, 1), new(2, 2), new(3, 3.5)], [new(1, 11), new(2, 12), new(3, 13.4)]);

        Assert.Contains("about once in 25 such", Verdict.Of(comparison, "A", "B", Better.Lower, adjustedPValue: 0.04), StringComparison.Ordinal);
    }

    private static string Of(double[] a, double[] b, Better? better, bool seeded = true) =>
        Verdict.Of(Comparison.Of(Runs(a, seeded), Runs(b, seeded)), "A", "B", better);

    private static SeededValue[] Runs(double[] values, bool seeded) => [.. values.Select((value, index) => new SeededValue(seeded ? index : null, value))];
}
