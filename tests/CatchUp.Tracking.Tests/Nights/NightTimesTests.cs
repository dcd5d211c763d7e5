using CatchUp.Tracking.Nights;

namespace CatchUp.Tracking.Tests.Nights;

public sealed class NightTimesTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("2026-01-10", "07:30", "2026-01-10T06:30:00Z")]
    [InlineData("2026-07-10", "07:30", "2026-07-10T05:30:00Z")]
    [InlineData("2026-03-29", "02:30", "2026-03-29T01:30:00Z")] // left out: 02:00 becomes 03:00
    [InlineData("2026-10-25", "02:30", "2026-10-25T00:30:00Z")] // comes twice: the first
    [InlineData("2026-03-29", "03:00", "2026-03-29T01:00:00Z")]
    public void Time_of_a_day_is_found_on_both_sides_of_a_change_of_clocks(string day, string time, string instant) =>
        Assert.Equal(DateTimeOffset.Parse(instant, null), NightTimes.At(DateOnly.Parse(day, null), TimeOnly.Parse(time, null), Berlin));

    [Theory]
    [InlineData("2026-01-10T06:29:59Z", "2026-01-09T06:30:00Z")]
    [InlineData("2026-01-10T06:30:00Z", "2026-01-10T06:30:00Z")]
    [InlineData("2026-01-10T23:30:00Z", "2026-01-10T06:30:00Z")]
    [InlineData("2026-03-29T05:29:00Z", "2026-03-28T06:30:00Z")]
    [InlineData("2026-03-29T05:30:00Z", "2026-03-29T05:30:00Z")]
    public void Last_time_of_day_is_the_one_before_now(string now, string last) =>
        Assert.Equal(DateTimeOffset.Parse(last, null), NightTimes.Last(new TimeOnly(7, 30), Berlin, DateTimeOffset.Parse(now, null)));

    [Fact]
    public void Night_begins_at_six_in_the_evening_by_the_clocks_of_the_place()
    {
        var morning = DateTimeOffset.Parse("2026-07-10T05:30:00Z", null);

        Assert.Equal(DateTimeOffset.Parse("2026-07-09T16:00:00Z", null), NightTimes.Start(NightTimes.Yesterday(morning, Berlin), Berlin));
    }
}
