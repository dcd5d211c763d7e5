namespace CatchUp.Benchmarks;

/// <summary>
/// docs/performance.md: text by hand, and tables between <c>&lt;!-- figures: NAME --&gt;</c> and <c>&lt;!-- end --&gt;</c>
/// that a run of the scenario replaces. Lines that it did not measure this time stay.
/// </summary>
internal static class PerformanceDocument
{
    private const string End = "<!-- end -->";

    /// <returns>The text with the scenario's section made anew.</returns>
    /// <exception cref="BenchmarkException">The document has no such section.</exception>
    public static string Replace(string text, string scenario, IReadOnlyList<Row> rows, string caption)
    {
        var begin = $"<!-- figures: {scenario} -->";
        var first = text.IndexOf(begin, StringComparison.Ordinal);
        var last = first < 0 ? -1 : text.IndexOf(End, first, StringComparison.Ordinal);
        if (last < 0)
        {
            throw new BenchmarkException($"The document has no section between '{begin}' and '{End}'.");
        }

        var measured = rows.Select(row => row.What).ToHashSet();
        var kept = text[(first + begin.Length)..last]
            .Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !Row.Header.Contains(line, StringComparison.Ordinal))
            .Where(line => !measured.Contains(line.Split('|')[1].Trim()));
        string[] table = [Row.Header, .. kept, .. rows.Select(row => row.ToString())];
        return $"{text[..first]}{begin}\n\n{string.Join('\n', table)}\n\n{caption}\n\n{text[last..]}";
    }
}
