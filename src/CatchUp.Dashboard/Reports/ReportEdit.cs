namespace CatchUp.Dashboard.Reports;

/// <summary>What Freeze and Thaw change in a report's text: one line of a block.</summary>
internal static class ReportEdit
{
    /// <returns>The text with the block frozen; null when its keys do not stand a line each, so that a line cannot be added.</returns>
    public static string? Freeze(string text, ReportPart.Block block, string sha256)
    {
        var lines = text.Split('\n').ToList();
        Remove(lines, block);
        var end = block.EndLine - 1 - (text.Split('\n').Length - lines.Count);
        var first = lines.Skip(block.Line).Take(end - block.Line).FirstOrDefault(line => line.Trim().Length > 0) ?? "";
        lines.Insert(end, $"{first[..(first.Length - first.TrimStart().Length)]}frozen: {sha256}");
        return Checked(lines, block.Number, sha256);
    }

    /// <returns>The text with the block live again; null when the line that froze it is not found.</returns>
    public static string? Thaw(string text, ReportPart.Block block)
    {
        var lines = text.Split('\n').ToList();
        Remove(lines, block);
        return Checked(lines, block.Number, null);
    }

    private static void Remove(List<string> lines, ReportPart.Block block)
    {
        for (var index = block.EndLine - 2; index >= block.Line; index--)
        {
            if (lines[index].TrimStart().StartsWith("frozen:", StringComparison.Ordinal))
            {
                lines.RemoveAt(index);
            }
        }
    }

    /// <summary>Read again: what was changed must say what was meant.</summary>
    private static string? Checked(List<string> lines, int number, string? sha256)
    {
        var text = string.Join('\n', lines);
        var blocks = ReportDocument.Parse(text).Blocks;
        return number <= blocks.Count && blocks[number - 1].Reading.Block is { } block && block.Frozen == sha256 ? text : null;
    }
}
