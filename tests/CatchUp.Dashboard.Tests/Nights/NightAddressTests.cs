using CatchUp.Dashboard.Nights;

namespace CatchUp.Dashboard.Tests.Nights;

public sealed class NightAddressTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly DateTimeOffset Morning = new(2026, 7, 10, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Address_without_a_stretch_means_the_night_until_now_by_the_browsers_clocks()
    {
        var address = NightAddress.Parse("http://x/digest");

        Assert.Equal((new DateTimeOffset(2026, 7, 9, 16, 0, 0, TimeSpan.Zero), Morning), address.Resolve(Morning, Berlin));
        Assert.Equal("/digest", address.ToString());
    }

    [Fact]
    public void Night_of_a_day_goes_from_evening_to_evening_and_survives_the_address()
    {
        var night = NightAddress.Of(new DateOnly(2026, 3, 28), Berlin);

        Assert.Equal("/digest?from=2026-03-28T17:00:00Z&to=2026-03-29T16:00:00Z", night.ToString());
        Assert.Equal(night, NightAddress.Parse($"http://x{night}"));
        Assert.Equal(new DateOnly(2026, 3, 28), night.Day(Morning, Berlin));
    }

    [Theory]
    [InlineData("?from=yesterday")]
    [InlineData("?from=2026-03-28T17:00:00")]
    [InlineData("?from=2026-03-29T17:00:00Z&to=2026-03-28T17:00:00Z")]
    public void Address_that_says_nothing_sensible_means_last_night(string query) => Assert.Equal(new NightAddress(), NightAddress.Parse($"http://x/digest{query}"));
}
