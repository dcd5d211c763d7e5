using System.Globalization;
using System.Text.RegularExpressions;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Tracking.Filters;

/// <summary>Reads values as what the term beside them is.</summary>
internal static partial class FilterValues
{
    /// <returns>Null when it is no value of the term.</returns>
    public static FilterValue? Read(RunTerm term, string word, bool quoted, out string? closest)
    {
        closest = null;
        switch (term.Kind)
        {
            case TermKind.Number:
                return Number(word) is { } number ? new FilterValue.Number(number) : null;
            case TermKind.Truth:
                return word is "true" or "false" ? new FilterValue.Truth(word == "true") : null;
            case TermKind.Duration:
                return Duration(word) is { } span ? new FilterValue.Number(span.TotalSeconds) : null;
            case TermKind.Time:
                return Time(word);
            case TermKind.Choice:
                closest = ClosestWord.Find(word, term.Choices);
                return term.Choices.Contains(word) ? new FilterValue.Text(word) : null;
            case TermKind.Text when !quoted && term is RunTerm.Field { Of.Identity: not null } && long.TryParse(word.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var id):
                return new FilterValue.Number(id);
            default:
                return new FilterValue.Text(word);
        }
    }

    public static string Refusal(RunTerm term, string word, string? closest)
    {
        var shown = word.Length > 60 ? $"{word[..60]}…" : word;
        return term.Kind switch
        {
            TermKind.Number => $"{term} is a number, and '{shown}' is none. Write 20, 0.001, 1e-3 or 10k.",
            TermKind.Truth => $"{term} is true or false, not '{shown}'.",
            TermKind.Duration => $"'{shown}' is no duration. Write 90s, 30min, 2h or 1d.",
            TermKind.Time => $"'{shown}' is no time. Write 2026-11-24, 2026-11-24T22:30, today, or -7d for a week ago.",
            _ => $"{term} is never '{shown}'. {(closest is null ? $"It is {string.Join(", ", term.Choices)}." : $"Did you mean {closest}?")}",
        };
    }

    private static double? Number(string word)
    {
        var factor = word.Length > 1 ? word[^1] switch { 'k' => 1e3, 'M' => 1e6, _ => 1 } : 1;
        var digits = factor > 1 ? word[..^1] : word;
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number * factor) ? number * factor : null;
    }

    private static TimeSpan? Duration(string word) =>
        DurationForm().Match(word) is { Success: true } match
        && double.TryParse(match.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) && count < 1e5
            ? match.Groups[2].Value switch
            {
                "s" => TimeSpan.FromSeconds(count),
                "min" or "m" => TimeSpan.FromMinutes(count),
                "h" => TimeSpan.FromHours(count),
                "d" => TimeSpan.FromDays(count),
                _ => TimeSpan.FromDays(7 * count),
            }
            : null;

    private static FilterValue? Time(string word) => word switch
    {
        "now" => new FilterValue.Before(TimeSpan.Zero),
        "today" => new FilterValue.Before(TimeSpan.Zero, Days: true),
        "yesterday" => new FilterValue.Before(TimeSpan.FromDays(1), Days: true),
        ['-', .. var rest] => Duration(rest) is { } span ? new FilterValue.Before(span) : null,
        _ => DateTimeOffset.TryParseExact(
            word, ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? new FilterValue.Moment(at.ToUniversalTime())
            : null,
    };

    [GeneratedRegex("^([0-9]{1,6}(?:\\.[0-9]{1,6})?)(s|min|m|h|d|w)$", RegexOptions.CultureInvariant)]
    private static partial Regex DurationForm();
}
