using CatchUp.Dashboard.Shell;

namespace CatchUp.Dashboard.Tests.Shell;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(0.0234129, "0.02341")]
    [InlineData(1.23456, "1.235")]
    [InlineData(1234.56, "1,235")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(1e-8, "1e-8")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "∞")]
    public void Number_shows_the_digits_that_mean_something(double value, string words) => Assert.Equal(words, Figures.Number(value));

    [Fact]
    public void Number_that_is_missing_is_a_dash() => Assert.Equal("–", Figures.Number(null));

    [Theory]
    [InlineData(12.4123, 12.1, 12.7, "12.4 ± 0.3")]
    [InlineData(48.66, 46.2, 51.1, "48.7 ± 2.5")]
    [InlineData(260.2, 247.0, 273.0, "260 ± 13")]
    [InlineData(0.01234, 0.0121, 0.0126, "0.0123 ± 0.0003")]
    public void Interval_decides_the_digits(double value, double low, double high, string words) => Assert.Equal(words, Figures.WithInterval(value, low, high));

    [Fact]
    public void Value_without_an_interval_keeps_three_digits() => Assert.Equal("12.4", Figures.WithInterval(12.4123, null, null));

    [Theory]
    [InlineData(0.42, "0.4 s")]
    [InlineData(48, "48 s")]
    [InlineData(125, "2 min 5 s")]
    [InlineData(2700, "45 min")]
    [InlineData(8040, "2 h 14 min")]
    [InlineData(7200, "2 h")]
    [InlineData(97_200, "1 d 3 h")]
    public void Duration_is_in_words(double seconds, string words) => Assert.Equal(words, Figures.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1500, "1.5 kB")]
    [InlineData(412_000_000, "412 MB")]
    public void Size_has_a_unit(long bytes, string words) => Assert.Equal(words, Figures.Bytes(bytes));

    [Theory]
    [InlineData(4.13, "4.1 steps/s")]
    [InlineData(0.25, "4 s/step")]
    [InlineData(0, "–")]
    public void Rate_is_the_one_that_is_easy_to_read(double rate, string words) => Assert.Equal(words, Figures.Rate(rate));

    [Fact]
    public void Relative_time_looks_both_ways()
    {
        var now = new DateTimeOffset(2026, 3, 14, 22, 0, 0, TimeSpan.Zero);

        Assert.Equal("just now", Figures.Relative(now.AddSeconds(-2), now));
        Assert.Equal("12 min ago", Figures.Relative(now.AddMinutes(-12.5), now));
        Assert.Equal("3 h ago", Figures.Relative(now.AddHours(-3.2), now));
        Assert.Equal("in 3 h 12 min", Figures.Relative(now.AddHours(3.2), now));
        Assert.Equal("in 3 h", Figures.Relative(now.AddHours(3), now));
        Assert.Equal("in 2 d", Figures.Relative(now.AddHours(50), now));
        Assert.Equal("now", Figures.Relative(now.AddSeconds(2), now));
    }
}
