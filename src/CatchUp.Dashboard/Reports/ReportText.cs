namespace CatchUp.Dashboard.Reports;

/// <summary>A report's text as it is stored, whatever wrote it.</summary>
internal static class ReportText
{
    /// <summary>With the line ends that text areas give, so that the same text is the same.</summary>
    public static string Plain(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
}
