using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CatchUp.Search;

/// <summary>Short words for the values of a dimension: <c>rk23</c>, <c>lr0.001</c>, <c>nfe1_2_4</c>.</summary>
internal static class DimensionLabels
{
    private const int Longest = 32;

    public static IReadOnlyList<string> Make(string path, IReadOnlyList<JsonNode> values)
    {
        var key = path[(path.LastIndexOf('.') + 1)..];
        var labels = values.Select(value => Label(key, value)).ToList();

        // Labels are joined by hyphens: only if none begins another is the joined name unique.
        var sorted = labels.Select(label => $"{label}-").Order(StringComparer.Ordinal).ToList();
        var ambiguous = sorted.Zip(sorted.Skip(1)).Any(pair => pair.Second.StartsWith(pair.First, StringComparison.Ordinal));
        return ambiguous || labels.Any(label => label.Length > Longest)
            ? [.. values.Select((_, index) => string.Create(CultureInfo.InvariantCulture, $"{Abbreviation(key)}{index + 1}"))]
            : labels;
    }

    private static string Label(string key, JsonNode value) => value switch
    {
        JsonObject members => string.Join('-', members.Select(member => Label(member.Key, member.Value!))),
        JsonArray items => Abbreviation(key) + string.Join('_', items.Select(item => Word(ValueText.Of(item)))),
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => Word(value.GetValue<string>()),
            JsonValueKind.True => Abbreviation(key),
            JsonValueKind.False => $"no{Abbreviation(key)}",
            _ => Abbreviation(key) + Word(ValueText.Of(value)),
        },
    };

    /// <summary>The initials of a key of several words, or the word itself: learningRate → lr, decay → decay.</summary>
    private static string Abbreviation(string key)
    {
        var initials = key.Where((letter, index) => index == 0 || char.IsUpper(letter) || char.IsDigit(letter)).ToArray();
        return initials.Length == 1 ? key : new string(initials).ToLowerInvariant();
    }

    private static string Word(string text)
    {
        var word = new StringBuilder();
        foreach (var letter in text)
        {
            word.Append(char.IsLetterOrDigit(letter) || letter is '.' or '-' or '+' ? letter : '_');
        }

        return word.ToString();
    }
}
