using System.Globalization;
using System.Text;
using CatchUp.Tracking.Reports;

namespace CatchUp.Dashboard.Reports;

/// <summary>A block as it is put into a text.</summary>
internal static class BlockDraft
{
    /// <param name="kind">The block.</param>
    /// <param name="runs">The runs by id; none when the filter says which.</param>
    /// <param name="filter">A filter.</param>
    /// <param name="metric">Of a chart.</param>
    /// <param name="over">Of a chart.</param>
    /// <param name="title">What stands over it; null: what it is by itself.</param>
    public static string Text(ReportBlockKind kind, IReadOnlyList<long> runs, string? filter, string? metric = null, ReportAxis over = ReportAxis.Step, string? title = null)
    {
        var text = new StringBuilder($"```{ReportWords.Kind(kind)}\n");
        if (!string.IsNullOrWhiteSpace(title))
        {
            text.Append(CultureInfo.InvariantCulture, $"title: {Quoted(title.Trim())}\n");
        }

        text.Append(string.IsNullOrWhiteSpace(filter) ? $"runs: [{string.Join(", ", runs)}]\n" : $"filter: {Quoted(filter.Trim())}\n");
        if (kind == ReportBlockKind.Chart)
        {
            text.Append(CultureInfo.InvariantCulture, $"metric: {Quoted(metric ?? "loss")}\n{(over == ReportAxis.Nfe ? "over: nfe\n" : "")}");
        }

        if (kind == ReportBlockKind.Table)
        {
            text.Append(CultureInfo.InvariantCulture, $"columns: {string.Join(", ", ReportDataReader.UsualColumns)}\n");
        }

        return text.Append("```").ToString();
    }

    /// <summary>In quotes, always: a filter or a title may hold any sign that means something in YAML.</summary>
    private static string Quoted(string text) =>
        text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '_') && !char.IsAsciiDigit(text[0]) && text.ToUpperInvariant() is not ("TRUE" or "FALSE" or "NULL") ? text : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
