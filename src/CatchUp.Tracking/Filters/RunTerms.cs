namespace CatchUp.Tracking.Filters;

/// <summary>Lists of terms, as addresses have them.</summary>
public static class RunTerms
{
    /// <summary>The parts of a list, divided by commas that stand outside brackets and quotes. Empty ones are left out.</summary>
    public static IReadOnlyList<string> Split(string? list)
    {
        var parts = new List<string>();
        var (depth, quote, from) = (0, '\0', 0);
        var text = list ?? "";
        for (var i = 0; i <= text.Length; i++)
        {
            var letter = i < text.Length ? text[i] : ',';
            if (quote != '\0' && i < text.Length)
            {
                quote = letter == quote ? '\0' : quote;
            }
            else if (letter is '"' or '\'')
            {
                quote = letter;
            }
            else if (letter is '[' or ']')
            {
                depth = Math.Max(0, depth + (letter == '[' ? 1 : -1));
            }
            else if (letter == ',' && (depth == 0 || i == text.Length))
            {
                if (text[from..i].Trim() is { Length: > 0 } part)
                {
                    parts.Add(part);
                }

                from = i + 1;
            }
        }

        return parts;
    }
}
