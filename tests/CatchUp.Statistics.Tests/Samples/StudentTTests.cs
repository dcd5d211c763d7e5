using CatchUp.Statistics.Samples;
using CsCheck;

namespace CatchUp.Statistics.Tests.Samples;

public sealed class StudentTTests
{
    /// <summary>Published tables of the two-sided t.</summary>
    [Theory]
    [InlineData(1, 0.05, 12.7062)]
    [InlineData(2, 0.05, 4.302653)]
    [InlineData(4, 0.05, 2.776445)]
    [InlineData(9, 0.05, 2.262157)]
    [InlineData(30, 0.05, 2.042272)]
    [InlineData(120, 0.05, 1.979930)]
    [InlineData(1e7, 0.05, 1.959964)]
    [InlineData(1, 0.001, 636.6192)]
    [InlineData(5, 0.001, 6.868827)]
    [InlineData(10, 0.5, 0.699812)]
    public void Quantiles_are_those_of_the_tables(double degrees, double p, double t) =>
        Assert.Equal(t, StudentT.TwoSidedQuantile(p, degrees), 1e-6 * Math.Max(1, t));

    [Fact]
    public void Tails_have_their_closed_forms_for_1_2_and_4_degrees() => Gen.Double[-8, 8].Sample(exponent =>
    {
        var t = Math.Pow(10, exponent);
        Close(2 / Math.PI * Math.Atan(1 / t), StudentT.TwoSided(t, 1));
        // 1 − t / √(2 + t²), without the cancellation.
        var root = Math.Sqrt(2 + (t * t));
        Close(2 / (root * (root + t)), StudentT.TwoSided(t, 2));
        if (t < 100)
        {
            var sine = t / Math.Sqrt(4 + (t * t));
            Assert.Equal(1 - (sine * (1 + ((1 - (sine * sine)) / 2))), StudentT.TwoSided(t, 4), 1e-13);
        }
    });

    [Fact]
    public void Quantile_is_the_inverse_of_the_tail() => Gen.Select(Gen.Double[0.3, 300], Gen.Double[-12, -0.001]).Sample((degrees, exponent) =>
    {
        var p = Math.Pow(10, exponent);
        Close(p, StudentT.TwoSided(StudentT.TwoSidedQuantile(p, degrees), degrees), 1e-9);
    });

    [Fact]
    public void Extremes_are_0_and_1()
    {
        Assert.Equal(1, StudentT.TwoSided(0, 3));
        Assert.Equal(0, StudentT.TwoSided(double.MaxValue, 30));
        Assert.Equal(StudentT.TwoSided(2, 3), StudentT.TwoSided(-2, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.TwoSidedQuantile(0, 3));
    }

    private static void Close(double expected, double actual, double relative = 1e-12) => Assert.Equal(expected, actual, relative * expected);
}
