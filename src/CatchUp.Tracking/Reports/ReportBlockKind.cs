namespace CatchUp.Tracking.Reports;

/// <summary>What a block of a report shows; in lower case, the word behind its fence.</summary>
public enum ReportBlockKind
{
    /// <summary>Curves of a metric, or a metric of images over NFE.</summary>
    Chart,

    /// <summary>Samples of runs × NFE.</summary>
    Matrix,

    /// <summary>Runs with columns.</summary>
    Table,
}
