namespace CatchUp.Tracking.Reports;

public enum ReportSavingResult
{
    Saved,

    /// <summary>Someone else has saved it since; nothing was stored.</summary>
    Conflict,

    NotFound,

    /// <summary>It cannot be stored as it is; the message says why.</summary>
    Refused,
}
