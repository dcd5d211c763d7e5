using CatchUp.Tracking.Reports;

namespace CatchUp.Dashboard.Reports;

/// <summary>A stretch of a report.</summary>
public abstract record ReportPart
{
    private ReportPart()
    {
    }

    /// <param name="Html">Safe: made by <see cref="ReportDocument"/> without any HTML that a user wrote.</param>
    public sealed record Prose(string Html) : ReportPart;

    /// <param name="Number">From 1, in the order of the text.</param>
    /// <param name="Line">Of the opening fence, from 1.</param>
    /// <param name="EndLine">Of the closing fence.</param>
    /// <param name="Body">What stands between.</param>
    public sealed record Block(int Number, ReportBlockKind Kind, int Line, int EndLine, string Body, ReportBlockReading Reading) : ReportPart
    {
        public string? Frozen => Reading.Block?.Frozen;
    }
}
