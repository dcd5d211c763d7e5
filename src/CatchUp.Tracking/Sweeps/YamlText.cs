using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CatchUp.Tracking.Sweeps;

/// <summary>Writes single YAML scalars.</summary>
internal static partial class YamlText
{
    /// <summary>The text so that it reads back as the same text, in block and in flow style: bare where that is safe, else in double quotes.</summary>
    public static string Scalar(string text) => Bare().IsMatch(text) && !ReadsAsSomethingElse().IsMatch(text) ? text : Quoted(text);

    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '"' or '\\' => quoted.Append('\\').Append(letter),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ when char.IsControl(letter) || letter is '\u2028' or '\u2029' or '\uFEFF' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => quoted.Append(letter),
            };
        }

        return quoted.Append('"').ToString();
    }

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{N}_./+-]*( [\p{L}\p{N}_./+-]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Bare();

    [GeneratedRegex(@"^(null|true|false)\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex ReadsAsSomethingElse();
}
