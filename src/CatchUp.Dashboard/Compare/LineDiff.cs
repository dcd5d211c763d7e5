namespace CatchUp.Dashboard.Compare;

/// <summary>The lines that two texts do not share, by their longest common subsequence.</summary>
public static class LineDiff
{
    /// <summary>Of longer texts only so many lines are compared: the table grows with their product.</summary>
    private const int MostLines = 2500;

    /// <param name="Kind">'+' only in the second, '-' only in the first, ' ' in both, '…' for lines that are left out.</param>
    public readonly record struct Line(char Kind, string Text);

    /// <param name="around">Common lines that are kept beside those that differ.</param>
    public static IReadOnlyList<Line> Between(string before, string after, int around)
    {
        var (left, right) = (LinesOf(before), LinesOf(after));

        // length[i, j]: of the longest common subsequence of what begins at i and at j.
        var length = new int[left.Length + 1, right.Length + 1];
        for (var i = left.Length - 1; i >= 0; i--)
        {
            for (var j = right.Length - 1; j >= 0; j--)
            {
                length[i, j] = left[i] == right[j] ? length[i + 1, j + 1] + 1 : Math.Max(length[i + 1, j], length[i, j + 1]);
            }
        }

        var lines = new List<Line>();
        var (x, y) = (0, 0);
        while (x < left.Length || y < right.Length)
        {
            if (x < left.Length && y < right.Length && left[x] == right[y])
            {
                lines.Add(new(' ', left[x++]));
                y++;
            }
            else if (y == right.Length || (x < left.Length && length[x + 1, y] >= length[x, y + 1]))
            {
                lines.Add(new('-', left[x++]));
            }
            else
            {
                lines.Add(new('+', right[y++]));
            }
        }

        return Fold(lines, around);
    }

    /// <summary>The lines of one patch: what it adds and takes away, without a comparison.</summary>
    public static IReadOnlyList<Line> Of(string patch) =>
    [
        .. LinesOf(patch).Select(line => line switch
        {
            ['+', '+', '+', ' ', ..] or ['-', '-', '-', ' ', ..] => new Line(' ', line),
            ['+', .. var added] => new Line('+', added),
            ['-', .. var removed] => new Line('-', removed),
            [' ', .. var same] => new Line(' ', same),
            _ => new Line(' ', line),
        }),
    ];

    private static List<Line> Fold(List<Line> lines, int around)
    {
        var kept = new bool[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].Kind != ' ')
            {
                kept.AsSpan(Math.Max(0, i - around), Math.Min(lines.Count, i + around + 1) - Math.Max(0, i - around)).Fill(true);
            }
        }

        var folded = new List<Line>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (kept[i])
            {
                folded.Add(lines[i]);
            }
            else if (i == 0 || kept[i - 1])
            {
                folded.Add(new('…', ""));
            }
        }

        return folded;
    }

    private static string[] LinesOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.Split('\n');
        return lines is [.. var all, ""] ? [.. all.Take(MostLines)] : [.. lines.Take(MostLines)];
    }
}
