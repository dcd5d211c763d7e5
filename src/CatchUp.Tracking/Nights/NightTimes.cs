using System.Globalization;

namespace CatchUp.Tracking.Nights;

/// <summary>Nights by the clocks of a place: from 18:00 to 18:00, so that nothing falls between two of them.</summary>
public static class NightTimes
{
    /// <summary>The hour at which a night begins.</summary>
    public static readonly TimeOnly Begins = new(18, 0);

    /// <summary>When the night that began on a day began.</summary>
    public static DateTimeOffset Start(DateOnly day, TimeZoneInfo zone) => At(day, Begins, zone);

    /// <summary>The day on which the night before now began: yesterday.</summary>
    public static DateOnly Yesterday(DateTimeOffset now, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime).AddDays(-1);

    /// <summary>The instant of a time of day. A time that a change of clocks leaves out counts as later by the change; of one that comes twice the first counts.</summary>
    public static DateTimeOffset At(DateOnly day, TimeOnly time, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var local = day.ToDateTime(time, DateTimeKind.Unspecified);
        if (zone.IsInvalidTime(local))
        {
            // By the offset from before the change, which names the same instant as the later time does by the offset after it.
            return new DateTimeOffset(local, zone.GetUtcOffset(local.AddHours(-3))).ToUniversalTime();
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    /// <summary>The last instant, not after now, at which the clocks of a place showed a time.</summary>
    public static DateTimeOffset Last(TimeOnly time, TimeZoneInfo zone, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var at = At(today, time, zone);
        return at <= now ? at : At(today.AddDays(-1), time, zone);
    }

    /// <summary>"07:30" as a time; null for anything else.</summary>
    public static TimeOnly? Parse(string? text) =>
        TimeOnly.TryParseExact(text, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
