using System.Text.Json;
using System.Text.RegularExpressions;
using CatchUp.Contracts;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Queue;

/// <summary>When a sweep's runs are tried again by themselves: <c>schedule.restarts</c> of its file.</summary>
internal sealed record RestartPolicy
{
    public const int MostRules = 20, LongestPattern = 200, MostLost = 100;

    private const int LargestAutomaton = 20_000;

    public static readonly RestartPolicy Usual = new();

    static RestartPolicy() => AppContext.SetData("REGEX_NONBACKTRACKING_MAX_AUTOMATA_SIZE", LargestAutomaton);

    /// <summary>How many started attempts may be lost in a row; null: as many as the server is set to.</summary>
    public int? Lost { get; init; }

    public IReadOnlyList<LogRule> OnLog { get; init; } = [];

    public static RestartPolicy Parse(string? json) => json is null ? Usual : JsonSerializer.Deserialize<RestartPolicy>(json, ContractJson.Options) ?? Usual;

    public string ToJson() => JsonSerializer.Serialize(this, ContractJson.Options);

    /// <summary>Why a pattern cannot be used, in a sentence that says where; null when it can.</summary>
    public static string? Problem(string pattern)
    {
        if (pattern.Length is 0 or > LongestPattern)
        {
            return $"A pattern has 1 to {LongestPattern} characters.";
        }

        try
        {
            return Expression(pattern).IsMatch("") ? "This pattern matches every line. Name a text that only the lines in question have." : null;
        }
        catch (RegexParseException problem)
        {
            return $"This is no regular expression: {Reason(problem)} at character {problem.Offset} of the pattern.";
        }
        catch (NotSupportedException)
        {
            return "Look-around, back references, atomic groups and very large repetitions cannot be used: a log is searched in linear time.";
        }
    }

    /// <summary>The first rule that a line of the attempt's log, or what it gave as its cause, matches; and that line.</summary>
    public async Task<(LogRule Rule, string Line)?> MatchAsync(CatchUpContext context, AttemptEntity attempt, string? cause, CancellationToken cancellation)
    {
        if (OnLog.Count == 0)
        {
            return null;
        }

        var expressions = OnLog.Select(rule => Expression(rule.Match)).ToList();
        var found = new string?[expressions.Count];
        await foreach (var text in context.Logs.AsNoTracking().Where(line => line.RunId == attempt.RunId && line.Attempt == attempt.Number).OrderBy(line => line.Id).Select(line => line.Text).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            Look(text);
        }

        Look(cause ?? "");
        var first = Array.FindIndex(found, line => line is not null);
        return first < 0 ? null : (OnLog[first], found[first]!);

        void Look(string text)
        {
            for (var rule = 0; rule < found.Length; rule++)
            {
                if (found[rule] is null && expressions[rule].Match(text) is { Success: true } match)
                {
                    found[rule] = LineAt(text, match.Index);
                }
            }
        }
    }

    private static string LineAt(string text, int index)
    {
        var from = index == 0 ? 0 : text.LastIndexOf('\n', index - 1) + 1;
        var to = text.IndexOf('\n', index);
        return CleanText.Line(text[from..(to < 0 ? text.Length : to)], 300);
    }

    private static Regex Expression(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));

    // "Invalid pattern '(' at offset 1. Not enough )'s." says the offset too, but in words that change between versions.
    private static string Reason(RegexParseException problem)
    {
        var words = problem.Message;
        var at = words.IndexOf($"at offset {problem.Offset}. ", StringComparison.Ordinal);
        return at < 0 ? problem.Error.ToString() : words[(at + $"at offset {problem.Offset}. ".Length)..].TrimEnd('.');
    }
}
