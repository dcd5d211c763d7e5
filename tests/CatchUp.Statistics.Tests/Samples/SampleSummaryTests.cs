using CatchUp.Statistics.Samples;
using CsCheck;

namespace CatchUp.Statistics.Tests.Samples;

public sealed class SampleSummaryTests
{
    [Fact]
    public void Summary_is_that_of_a_textbook()
    {
        var summary = SampleSummary.Of([2, 4, 4, 4, 5, 5, 7, 9]);

        Assert.Equal(5, summary.Mean);
        Assert.Equal(Math.Sqrt(32 / 7.0), summary.StandardDeviation!.Value, 1e-12);
        // Student's t at 0.975 with 7 degrees of freedom is 2.364624.
        Assert.Equal(2.364624 * Math.Sqrt(32 / 7.0 / 8), summary.Interval!.Value.HalfWidth, 1e-6);
        Assert.Null(summary.NoInterval);
    }

    [Fact]
    public void Values_that_are_not_finite_are_counted_and_never_averaged()
    {
        var summary = SampleSummary.Of([1, double.NaN, 3, double.PositiveInfinity, double.NegativeInfinity]);

        Assert.Equal((2, 3, 2.0), (summary.Count, summary.NonFinite, summary.Mean));
    }

    [Fact]
    public void One_run_has_a_mean_and_no_interval()
    {
        var summary = SampleSummary.Of([7, double.NaN]);

        Assert.Equal(7, summary.Mean);
        Assert.Null(summary.StandardDeviation);
        Assert.Null(summary.Interval);
        Assert.Contains("One run", summary.NoInterval, StringComparison.Ordinal);
        Assert.Contains("no finite value", SampleSummary.Of([double.NaN]).NoInterval, StringComparison.Ordinal);
        Assert.Null(SampleSummary.Of([]).Mean);
    }

    [Fact]
    public void Numbers_are_finite_or_absent_whatever_comes() => Gen.Double.Array[0, 8].Sample(values =>
    {
        var summary = SampleSummary.Of(values);
        return summary.Count + summary.NonFinite == values.Length
            && double.IsFinite(summary.Mean ?? 0)
            && double.IsFinite(summary.StandardDeviation ?? 0)
            && (summary.Interval is { } interval ? interval.Contains(summary.Mean!.Value) && summary.NoInterval is null : summary.NoInterval is not null);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(95)]
    [InlineData(double.NaN)]
    public void A_confidence_lies_between_0_and_1(double confidence) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleSummary.Of([1, 2], confidence));
}
