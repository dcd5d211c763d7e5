namespace CatchUp.Tracking.Queue;

/// <summary>Times of day in a zone with daylight saving, as moments.</summary>
internal static class ZonedTime
{
    /// <summary>
    /// The first moment at which the zone's clocks show this time, or have jumped past it: a time that exists twice is its first occurrence,
    /// one that does not exist is the moment of the jump.
    /// </summary>
    public static DateTimeOffset First(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsAmbiguousTime(local))
        {
            return new DateTimeOffset(local, zone.GetAmbiguousTimeOffsets(local).Max()).ToUniversalTime();
        }

        return zone.IsInvalidTime(local) ? Jump(local, zone) : new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <summary>"22:00", with the day where it is another than today's: "Mon 22:00", and from a week on "2026-12-01 22:00".</summary>
    public static string Words(DateTimeOffset at, DateTimeOffset now, TimeZoneInfo zone)
    {
        var (local, today) = (TimeZoneInfo.ConvertTime(at, zone), TimeZoneInfo.ConvertTime(now, zone));
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        return (local.Date - today.Date).Days switch
        {
            0 => local.ToString("HH:mm", culture),
            1 when at - now < TimeSpan.FromHours(24) => local.ToString("HH:mm", culture),
            > 0 and < 7 => local.ToString("ddd HH:mm", culture),
            _ => local.ToString("yyyy-MM-dd HH:mm", culture),
        };
    }

    /// <summary>"3 h 5 min"; never "0 min".</summary>
    public static string Length(TimeSpan length)
    {
        var minutes = (long)Math.Max(1, Math.Ceiling(length.TotalMinutes));
        return (minutes / 1440, minutes / 60 % 24, minutes % 60) switch
        {
            (0, 0, var m) => $"{m} min",
            (0, var h, 0) => $"{h} h",
            (0, var h, var m) => $"{h} h {m} min",
            (var d, 0, _) => $"{d} d",
            var (d, h, _) => $"{d} d {h} h",
        };
    }

    /// <summary>Clocks jump within a day of it, once: the moment is found by halving.</summary>
    private static DateTimeOffset Jump(DateTime local, TimeZoneInfo zone)
    {
        var (before, after) = (DateTime.SpecifyKind(local, DateTimeKind.Utc).AddHours(-26), DateTime.SpecifyKind(local, DateTimeKind.Utc).AddHours(26));
        while (after - before > TimeSpan.FromTicks(1))
        {
            var middle = before + ((after - before) / 2);
            if (TimeZoneInfo.ConvertTimeFromUtc(middle, zone) >= local)
            {
                after = middle;
            }
            else
            {
                before = middle;
            }
        }

        return new DateTimeOffset(after, TimeSpan.Zero);
    }
}
