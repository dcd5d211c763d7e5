using System.Globalization;
using System.Text.RegularExpressions;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Tracking.Queue;

/// <summary>When a sweep may run: <c>22:00-07:00 Europe/Berlin</c>, with weekdays <c>Mon-Fri 22:00-07:00 Europe/Berlin</c>, several separated by semicolons.</summary>
internal sealed partial class ScheduleWindow
{
    public const string RightForm = "Write it as \"22:00-07:00 Europe/Berlin\", with weekdays as \"Mon-Fri 22:00-07:00 Europe/Berlin\", several separated by semicolons.";

    /// <summary>Beyond this a window that never closes is looked at anew.</summary>
    private const int DaysAhead = 15;

    private const int MostParts = 20;

    private static readonly string[] DayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    private readonly List<Part> _parts;

    private ScheduleWindow(string text, List<Part> parts)
    {
        Text = text;
        _parts = parts;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>A stored window, which was checked when it was taken.</summary>
    public static ScheduleWindow Parse(string text) => TryParse(text, out var window) is { } problem ? throw new FormatException(problem) : window!;

    /// <returns>What is wrong with it, in words that show the right form; null when nothing is.</returns>
    public static string? TryParse(string text, out ScheduleWindow? window)
    {
        window = null;
        var texts = text.Split(';', StringSplitOptions.TrimEntries);
        if (texts.Length > MostParts)
        {
            return $"A window has at most {MostParts} parts.";
        }

        var parts = new List<Part>();
        string? zoneName = null;

        // From the last to the first: a part without a zone has that of the part behind it.
        foreach (var part in texts.Reverse())
        {
            var match = PartForm().Match(part);
            if (!match.Success)
            {
                return $"'{Shorten(part)}' is no window. {RightForm}";
            }

            zoneName = match.Groups["zone"] is { Length: > 0 } named ? named.Value : zoneName;
            if (zoneName is null)
            {
                return $"The window '{Shorten(part)}' names no time zone. {RightForm}";
            }

            if (!TimeZoneInfo.TryFindSystemTimeZoneById(zoneName, out var zone))
            {
                var closest = ClosestWord.Find(zoneName, TimeZoneInfo.GetSystemTimeZones().Select(known => known.Id));
                return $"There is no time zone '{Shorten(zoneName)}'. {(closest is null ? "Name it as the IANA does, as in Europe/Berlin, America/New_York or UTC." : $"Did you mean {closest}?")}";
            }

            if (Time(match.Groups["from"].Value) is not { } from || from >= TimeSpan.FromHours(24))
            {
                return $"{match.Groups["from"].Value} is no time of day. {RightForm}";
            }

            if (Time(match.Groups["to"].Value) is not { } to)
            {
                return $"{match.Groups["to"].Value} is no time of day. {RightForm}";
            }

            if (from == to)
            {
                return $"The window '{Shorten(part)}' ends when it begins. For whole days write 00:00-24:00.";
            }

            var days = Days(match.Groups["days"].Value);
            if (days is null)
            {
                return $"'{Shorten(match.Groups["days"].Value)}' names no weekdays. Write them as Mon-Fri or Sat,Sun.";
            }

            parts.Insert(0, new Part(days, from, to <= from ? to + TimeSpan.FromHours(24) : to, zone));
        }

        window = new ScheduleWindow(text.Trim(), parts);
        return null;
    }

    /// <summary>The opening that lasts at that moment, else the next one. Parts that overlap or meet are one opening. Null when none comes, which only odd windows manage.</summary>
    public WindowOpening? At(DateTimeOffset at)
    {
        WindowOpening? current = null;
        foreach (var opening in Around(at))
        {
            if (current is null || opening.Opens > current.Closes)
            {
                if (current is not null && current.Closes > at)
                {
                    return current;
                }

                current = opening;
            }
            else if (opening.Closes > current.Closes)
            {
                current = current with { Closes = opening.Closes };
            }
        }

        return current is not null && current.Closes > at ? current : null;
    }

    /// <summary>"opens at 22:00 Europe/Berlin, in 3 h"; null while it is open.</summary>
    public string? Wait(DateTimeOffset now) => At(now) switch
    {
        null => "which opens on no day of the next two weeks",
        var opening when opening.Contains(now) => null,
        var opening => $"opens at {ZonedTime.Words(opening.Opens, now, opening.Zone)} {opening.Zone.Id}, in {ZonedTime.Length(opening.Opens - now)}",
    };

    private IEnumerable<WindowOpening> Around(DateTimeOffset at) => _parts
        .SelectMany(part =>
        {
            // A weekday is that of the opening. From two days back: what opened then may last still.
            var today = TimeZoneInfo.ConvertTime(at, part.Zone).Date;
            return Enumerable.Range(-2, DaysAhead + 2)
                .Select(offset => today.AddDays(offset))
                .Where(day => part.Days[(int)day.DayOfWeek])
                .Select(day => new WindowOpening(ZonedTime.First(day + part.From, part.Zone), ZonedTime.First(day + part.To, part.Zone), part.Zone));
        })
        .Where(opening => opening.Closes > opening.Opens)
        .OrderBy(opening => opening.Opens);

    private static TimeSpan? Time(string text)
    {
        var parts = text.Split(':');
        var (hour, minute) = (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
        return minute > 59 || hour > 24 || (hour == 24 && minute > 0) ? null : new TimeSpan(hour, minute, 0);
    }

    /// <returns>By number of the day from Sunday; null when it cannot be read.</returns>
    private static bool[]? Days(string text)
    {
        var days = new bool[7];
        if (text.Length == 0)
        {
            Array.Fill(days, true);
            return days;
        }

        foreach (var item in text.Split(','))
        {
            var ends = item.Split('-');
            var (first, last) = (Day(ends[0]), Day(ends[^1]));
            if (first < 0 || last < 0)
            {
                return null;
            }

            for (var day = first; ; day = (day + 1) % 7)
            {
                days[day] = true;
                if (day == last)
                {
                    break;
                }
            }
        }

        return days;
    }

    private static int Day(string name) => Array.FindIndex(DayNames, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string Shorten(string text) => text.Length <= 60 ? text : $"{text[..60]}…";

    [GeneratedRegex(@"^((?<days>[A-Za-z]{2,12}(-[A-Za-z]{2,12})?(,[A-Za-z]{2,12}(-[A-Za-z]{2,12})?)*)\s+)?(?<from>\d{1,2}:\d{2})\s*[-–]\s*(?<to>\d{1,2}:\d{2})(\s+(?<zone>[A-Za-z][A-Za-z0-9_+./ -]{0,80}))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex PartForm();

    /// <param name="To">Beyond 24 hours when it ends on the next day.</param>
    private sealed record Part(bool[] Days, TimeSpan From, TimeSpan To, TimeZoneInfo Zone);
}
