namespace CatchUp.Contracts.Specifications;

/// <summary>Finds what someone who mistyped a word most likely meant.</summary>
public static class ClosestWord
{
    /// <summary>The candidate nearest to the word, or null when none is near. Case, underscores and hyphens count little.</summary>
    public static string? Find(string word, IEnumerable<string> candidates)
    {
        // Longer words cannot be near any key, and the distance takes quadratic time.
        if (word.Length > 100)
        {
            return null;
        }

        var plain = Plain(word);
        var best = candidates
            .Select(candidate => (candidate, distance: Distance(plain, Plain(candidate))))
            .OrderBy(entry => entry.distance)
            .FirstOrDefault();
        return best.candidate is not null && best.distance <= Math.Max(1, Math.Min(plain.Length, best.candidate.Length) / 3) ? best.candidate : null;
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours between two words (optimal string alignment).</summary>
    public static int Distance(string first, string second)
    {
        var table = new int[first.Length + 1, second.Length + 1];
        for (var i = 0; i <= first.Length; i++)
        {
            for (var j = 0; j <= second.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                var replaced = table[i - 1, j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replaced, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[first.Length, second.Length];
    }

    private static string Plain(string word) => word.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
}
