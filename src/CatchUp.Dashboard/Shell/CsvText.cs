using System.Globalization;

namespace CatchUp.Dashboard.Shell;

/// <summary>Values as CSV (RFC 4180), safe to open in a spreadsheet.</summary>
internal static class CsvText
{
    public static string Field(object? value)
    {
        var text = value switch
        {
            null => "",
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            bool truth => truth ? "true" : "false",
            DateTimeOffset at => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),

            // A spreadsheet would take it for a formula.
            string { Length: > 0 } word when word[0] is '=' or '+' or '-' or '@' or '\t' or '\r' => "'" + word,
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            var other => other.ToString() ?? "",
        };
        return text.AsSpan().ContainsAny("\",\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    public static string Row(IEnumerable<object?> values) => string.Join(',', values.Select(Field)) + "\r\n";

    /// <summary>A file within an address, for links that save a table of a page: it is on the page already.</summary>
    public static string Address(IEnumerable<IEnumerable<object?>> rows) => "data:text/csv;charset=utf-8," + Uri.EscapeDataString(string.Concat(rows.Select(Row)));
}
