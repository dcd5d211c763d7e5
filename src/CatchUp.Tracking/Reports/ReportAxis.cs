namespace CatchUp.Tracking.Reports;

/// <summary>What a chart of a report is drawn over.</summary>
public enum ReportAxis
{
    Step,
    Nfe,
}
