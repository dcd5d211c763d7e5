using System.Globalization;
using CatchUp.Tracking.Queue;

namespace CatchUp.Tracking.Tests.Queue;

public sealed class ScheduleWindowTests
{
    [Theory]
    // An ordinary night, seen from before, within and after it.
    [InlineData("22:00-07:00 Europe/Berlin", "2026-03-10T15:00Z", "2026-03-10T21:00Z", "2026-03-11T06:00Z")]
    [InlineData("22:00-07:00 Europe/Berlin", "2026-03-11T05:59Z", "2026-03-10T21:00Z", "2026-03-11T06:00Z")]
    [InlineData("22:00-07:00 Europe/Berlin", "2026-03-11T06:00Z", "2026-03-11T21:00Z", "2026-03-12T06:00Z")]
    // The nights in which Berlin's clocks go forward and back: an hour shorter, an hour longer.
    [InlineData("22:00-07:00 Europe/Berlin", "2026-03-29T00:00Z", "2026-03-28T21:00Z", "2026-03-29T05:00Z")]
    [InlineData("22:00-07:00 Europe/Berlin", "2026-10-25T00:00Z", "2026-10-24T20:00Z", "2026-10-25T06:00Z")]
    // 02:30 does not exist on 29 March: the moment of the jump. It exists twice on 25 October: the first.
    [InlineData("02:30-05:00 Europe/Berlin", "2026-03-29T00:00Z", "2026-03-29T01:00Z", "2026-03-29T03:00Z")]
    [InlineData("23:00-02:30 Europe/Berlin", "2026-03-29T00:00Z", "2026-03-28T22:00Z", "2026-03-29T01:00Z")]
    [InlineData("02:30-05:00 Europe/Berlin", "2026-10-25T00:00Z", "2026-10-25T00:30Z", "2026-10-25T04:00Z")]
    [InlineData("23:00-02:30 Europe/Berlin", "2026-10-24T23:00Z", "2026-10-24T21:00Z", "2026-10-25T00:30Z")]
    // A window that lies in the hour that does not exist has no opening that night.
    [InlineData("02:10-02:50 Europe/Berlin", "2026-03-29T00:30Z", "2026-03-30T00:10Z", "2026-03-30T00:50Z")]
    // Sydney, where October takes an hour and April gives it.
    [InlineData("22:00-07:00 Australia/Sydney", "2026-10-03T14:00Z", "2026-10-03T12:00Z", "2026-10-03T20:00Z")]
    [InlineData("22:00-07:00 Australia/Sydney", "2026-04-04T14:00Z", "2026-04-04T11:00Z", "2026-04-04T21:00Z")]
    [InlineData("02:30-05:00 Australia/Sydney", "2026-10-03T15:00Z", "2026-10-03T16:00Z", "2026-10-03T18:00Z")]
    [InlineData("02:30-05:00 Australia/Sydney", "2026-04-04T15:00Z", "2026-04-04T15:30Z", "2026-04-04T19:00Z")]
    // Half an hour of daylight saving, and a zone that jumps at midnight.
    [InlineData("01:00-04:00 Australia/Lord_Howe", "2026-10-03T14:00Z", "2026-10-03T14:30Z", "2026-10-03T17:00Z")]
    [InlineData("00:00-06:00 America/Santiago", "2026-09-06T04:30Z", "2026-09-06T04:00Z", "2026-09-06T09:00Z")]
    // Weekdays are those of the opening.
    [InlineData("Mon-Fri 22:00-07:00 Europe/Berlin", "2026-03-14T05:00Z", "2026-03-13T21:00Z", "2026-03-14T06:00Z")]
    [InlineData("Mon-Fri 22:00-07:00 Europe/Berlin", "2026-03-14T12:00Z", "2026-03-16T21:00Z", "2026-03-17T06:00Z")]
    [InlineData("fri-mon 22:00-07:00 UTC", "2026-03-11T12:00Z", "2026-03-13T22:00Z", "2026-03-14T07:00Z")]
    // Parts that meet are one opening; a part without a zone has that of the next.
    [InlineData("Mon-Fri 22:00-07:00; Sat,Sun 00:00-24:00 Europe/Berlin", "2026-03-14T12:00Z", "2026-03-13T21:00Z", "2026-03-15T23:00Z")]
    [InlineData("9:00-12:00; 13:00-17:00 UTC", "2026-03-11T12:30Z", "2026-03-11T13:00Z", "2026-03-11T17:00Z")]
    public void Window_has_the_opening_that_lasts_or_comes_next(string text, string at, string opens, string closes)
    {
        Assert.Null(ScheduleWindow.TryParse(text, out var window));

        var opening = window!.At(Time(at));

        Assert.Equal((Time(opens), Time(closes)), (opening!.Opens, opening.Closes));
    }

    [Fact]
    public void Window_of_all_days_never_closes_and_says_no_wait()
    {
        var window = ScheduleWindow.Parse("00:00-24:00 Europe/Berlin");

        var opening = window.At(Time("2026-10-24T22:00Z"))!;

        Assert.True(opening.Closes - opening.Opens > TimeSpan.FromDays(10));
        Assert.Null(window.Wait(Time("2026-10-25T01:30Z")));
    }

    [Theory]
    [InlineData("2026-03-10T18:00Z", "opens at 22:00 Europe/Berlin, in 3 h")]
    [InlineData("2026-03-10T20:40Z", "opens at 22:00 Europe/Berlin, in 20 min")]
    [InlineData("2026-03-14T12:00Z", "opens at Mon 22:00 Europe/Berlin, in 2 d 9 h")]
    public void Wait_is_said_in_the_zones_own_time(string now, string words) =>
        Assert.Equal(words, ScheduleWindow.Parse("Mon-Fri 22:00-07:00 Europe/Berlin").Wait(Time(now)));

    [Theory]
    [InlineData("", "22:00-07:00 Europe/Berlin")]
    [InlineData("22-07 Europe/Berlin", "Mon-Fri 22:00-07:00 Europe/Berlin")]
    [InlineData("22:00-07:00", "names no time zone")]
    [InlineData("22:00-07:00 Europe/Berlln", "Did you mean Europe/Berlin?")]
    [InlineData("22:00-07:00 Nowhere/Atall", "as the IANA does")]
    [InlineData("25:00-07:00 UTC", "25:00 is no time of day")]
    [InlineData("22:00-24:30 UTC", "24:30 is no time of day")]
    [InlineData("24:00-07:00 UTC", "24:00 is no time of day")]
    [InlineData("22:00-22:00 UTC", "00:00-24:00")]
    [InlineData("Mo-Fr 22:00-07:00 UTC", "Mon-Fri")]
    [InlineData("22:00-07:00 UTC;", "is no window")]
    public void Window_that_cannot_be_read_shows_the_right_form(string text, string words)
    {
        var problem = ScheduleWindow.TryParse(text, out var window);

        Assert.Null(window);
        Assert.Contains(words, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-12-01T07:00 Europe/Berlin", "2026-12-01T06:00Z")]
    [InlineData("2026-07-01 07:00 Europe/Berlin", "2026-07-01T05:00Z")]
    [InlineData("2026-12-01T07:00+01:00", "2026-12-01T06:00Z")]
    [InlineData("2026-12-01T07:00:30Z", "2026-12-01T07:00:30Z")]
    [InlineData("2026-03-29T02:30 Europe/Berlin", "2026-03-29T01:00Z")]
    [InlineData("2026-10-25T02:30 Europe/Berlin", "2026-10-25T00:30Z")]
    public void Deadline_is_a_moment(string text, string at)
    {
        Assert.Null(ScheduleDeadline.TryParse(text, out var deadline));
        Assert.Equal(Time(at), deadline!.At);
    }

    [Theory]
    [InlineData("tomorrow")]
    [InlineData("2026-12-01")]
    [InlineData("2026-12-01T07:00")]
    [InlineData("2026-13-01T07:00 UTC")]
    [InlineData("2026-12-01T07:00+99:00")]
    public void Deadline_that_cannot_be_read_shows_the_right_form(string text) =>
        Assert.Contains("2026-12-01T07:00 Europe/Berlin", ScheduleDeadline.TryParse(text, out _), StringComparison.Ordinal);

    [Theory]
    [InlineData("20GiB", 20L << 30)]
    [InlineData("512 MB", 512_000_000L)]
    [InlineData("1.5gb", 1_500_000_000L)]
    [InlineData("4096", 4096L)]
    [InlineData("lots", null)]
    [InlineData("-3GB", null)]
    [InlineData("GB", null)]
    public void Memory_is_read_with_its_unit(string text, long? bytes) => Assert.Equal(bytes, SweepRequirements.Bytes(text));

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUniversalTime();
}
