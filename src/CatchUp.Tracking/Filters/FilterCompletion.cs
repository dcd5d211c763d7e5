using System.Text.RegularExpressions;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Tracking.Filters;

/// <summary>What may be written at a place of a filter.</summary>
/// <param name="From">First character that a suggestion replaces.</param>
/// <param name="Length">How many characters it replaces.</param>
/// <param name="Items">The most fitting first.</param>
public sealed partial record FilterCompletion(int From, int Length, IReadOnlyList<FilterSuggestion> Items)
{
    private const int Most = 12;

    public static FilterCompletion At(string text, int caret, KnownTerms known)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(known);
        caret = Math.Clamp(caret, 0, text.Length);
        var (from, to) = (caret, caret);
        while (from > 0 && IsOfWord(text[from - 1]))
        {
            from--;
        }

        while (to < text.Length && IsOfWord(text[to]))
        {
            to++;
        }

        var (before, word) = (text[..from], text[from..caret]);
        var items = Candidates(before.TrimEnd(), known)
            .Where(item => Fits(item.Text, word))
            .OrderBy(item => !item.Text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Take(Most)
            .ToList();

        // What is written already whole needs no suggestion.
        return new(from, to - from, items is [var only] && only.Text == word ? [] : items);
    }

    private static IEnumerable<FilterSuggestion> Candidates(string before, KnownTerms known)
    {
        if (InBrackets().Match(before) is { Success: true } bracket)
        {
            return bracket.Groups["name"].Value == "metric" ? InMetric(bracket.Groups["parts"].Value, known) : InEvaluation(bracket.Groups["name"].Value, bracket.Groups["parts"].Value, known);
        }

        if (BeforeValue().Match(before) is { Success: true } comparison)
        {
            return RunFilter.ReadTerm(comparison.Groups["term"].Value).Term is { } term ? Values(term, comparison.Groups["sign"].Value, known) : [];
        }

        return Terms(before, known);
    }

    private static IEnumerable<FilterSuggestion> InMetric(string parts, KnownTerms known) => parts.Contains(',', StringComparison.Ordinal)
        ? [new("last", "The last value."), new("min", "The smallest."), new("max", "The largest."), new("first", "The first."), new("step=", "The value at a step, or the last before.")]
        : known.Metrics.Where(name => name.All(IsOfWord)).Select(name => new FilterSuggestion(name, ""));

    private static IEnumerable<FilterSuggestion> InEvaluation(string metric, string parts, KnownTerms known)
    {
        var nfes = known.Evaluations.Where(evaluation => evaluation.Name == metric).Select(evaluation => evaluation.Nfe).Distinct().Order();
        return parts.TrimEnd().EndsWith("nfe=", StringComparison.Ordinal)
            ? nfes.Select(nfe => new FilterSuggestion($"{nfe}", ""))
            : [.. FilterNames.Solvers.Select(solver => new FilterSuggestion(solver, "Images made with this solver.")), new("nfe=", "Network evaluations an image."), new("best", "The best of all steps."), new("last", "The last evaluated step."), new("step=", "One step."), new("head=", "One of the network's heads.")];
    }

    private static IEnumerable<FilterSuggestion> Values(RunTerm term, string sign, KnownTerms known)
    {
        IEnumerable<FilterSuggestion> values = term.Kind switch
        {
            TermKind.Choice => term.Choices.Select(word => new FilterSuggestion(word, "")),
            TermKind.Truth => [new("true", ""), new("false", "")],
            TermKind.Tags => known.Tags.Select(tag => new FilterSuggestion(tag.All(IsOfWord) ? tag : $"\"{tag}\"", "")),
            TermKind.Time => [new("today", ""), new("yesterday", ""), new("-1d", "A day ago."), new("-7d", "A week ago.")],
            TermKind.Duration => [new("30min", ""), new("2h", ""), new("1d", "")],
            _ => [],
        };
        return sign is "=" or "==" or "!=" ? values.Append(new("none", $"Runs that have no {term}.")) : values;
    }

    private static IEnumerable<FilterSuggestion> Terms(string before, KnownTerms known)
    {
        if (before.Length > 0 && !before.EndsWith('('))
        {
            yield return new("and", "Both hold.");
            yield return new("or", "One of them holds.");
        }

        foreach (var field in RunField.All)
        {
            yield return new(field.Name, field.Description);
        }

        foreach (var evaluation in known.Evaluations)
        {
            yield return new(evaluation.Text, evaluation.Description);
        }

        foreach (var metric in known.Metrics)
        {
            var term = new RunTerm.Metric(metric, CurvePart.Last);
            yield return new(term.Text, term.Description);
        }

        foreach (var key in SpecificationSchema.Leaves.Where(leaf => RunField.Find(leaf.Path) is null))
        {
            yield return new(key.Path, key.Description);
        }

        yield return new("not", "The opposite of what follows.");
    }

    /// <summary>From three letters on anywhere; fewer only where a part of the name begins.</summary>
    private static bool Fits(string text, string word) =>
        text.Contains(word, StringComparison.OrdinalIgnoreCase)
        && (word.Length > 2 || text.StartsWith(word, StringComparison.OrdinalIgnoreCase) || text.Contains($".{word}", StringComparison.OrdinalIgnoreCase) || text.Contains($"[{word}", StringComparison.OrdinalIgnoreCase));

    private static bool IsOfWord(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-' or '/';

    [GeneratedRegex(@"(?<name>[a-z-]+)\[(?<parts>[^\[\]]{0,200})$", RegexOptions.CultureInvariant)]
    private static partial Regex InBrackets();

    [GeneratedRegex(@"(?<term>[A-Za-z][A-Za-z0-9_.-]{0,100}(?:\[[^\[\]]{0,200}\])?)\s*(?:(?<sign>!=|==|<=|>=|!~|=|<|>|~)|(?<sign>:)(?:[^\s,()]+,)*|\s(?<sign>in)\s*[\[(](?:[^\[\]()]*,)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex BeforeValue();
}
