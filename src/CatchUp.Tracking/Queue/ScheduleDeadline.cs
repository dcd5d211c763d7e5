using System.Globalization;
using System.Text.RegularExpressions;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Tracking.Queue;

/// <summary>When a sweep is of no use any more: <c>2026-12-01T07:00 Europe/Berlin</c>, or with an offset <c>2026-12-01T07:00+01:00</c>.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="At">The moment, in UTC.</param>
internal sealed partial record ScheduleDeadline(string Text, DateTimeOffset At)
{
    public const string RightForm = "Write it as \"2026-12-01T07:00 Europe/Berlin\", or with an offset as \"2026-12-01T07:00+01:00\".";

    /// <returns>What is wrong with it, in words that show the right form; null when nothing is.</returns>
    public static string? TryParse(string text, out ScheduleDeadline? deadline)
    {
        deadline = null;
        var trimmed = text.Trim();
        var match = Form().Match(trimmed);
        if (!match.Success || !DateTime.TryParseExact($"{match.Groups["day"].Value} {match.Groups["time"].Value}", ["yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            || local.Year is < 2000 or > 9000)
        {
            return $"'{(trimmed.Length <= 60 ? trimmed : $"{trimmed[..60]}…")}' is no deadline. {RightForm}";
        }

        if (match.Groups["offset"] is { Length: > 0 } offset)
        {
            if (!DateTimeOffset.TryParse($"{local:yyyy-MM-ddTHH:mm:ss}{offset.Value}", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
            {
                return $"{offset.Value} is no offset from UTC. {RightForm}";
            }

            deadline = new ScheduleDeadline(trimmed, at.ToUniversalTime());
            return null;
        }

        var name = match.Groups["zone"].Value;
        if (name.Length == 0)
        {
            return $"The deadline '{trimmed}' names no time zone. {RightForm}";
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            var closest = ClosestWord.Find(name, TimeZoneInfo.GetSystemTimeZones().Select(known => known.Id));
            return $"There is no time zone '{name}'. {(closest is null ? "Name it as the IANA does, as in Europe/Berlin, America/New_York or UTC." : $"Did you mean {closest}?")}";
        }

        deadline = new ScheduleDeadline(trimmed, ZonedTime.First(local, zone));
        return null;
    }

    [GeneratedRegex(@"^(?<day>\d{4}-\d{2}-\d{2})[T ](?<time>\d{2}:\d{2}(:\d{2})?)\s*((?<offset>Z|[+-]\d{2}:\d{2})|(?<zone>[A-Za-z][A-Za-z0-9_+./ -]{0,80}))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
