namespace CatchUp.Tracking;

/// <summary>What people type into a search box, as a LIKE pattern that means it literally.</summary>
internal static class SearchText
{
    public const string Escape = "\\";

    public static string Pattern(string text)
    {
        var literal = CleanText.Line(text, 200).ToLowerInvariant()
            .Replace(Escape, Escape + Escape, StringComparison.Ordinal)
            .Replace("%", Escape + "%", StringComparison.Ordinal)
            .Replace("_", Escape + "_", StringComparison.Ordinal);
        return $"%{literal}%";
    }
}
