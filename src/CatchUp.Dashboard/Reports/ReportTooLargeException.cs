namespace CatchUp.Dashboard.Reports;

/// <summary>A report does not fit into one file; the message says what makes it so large.</summary>
internal sealed class ReportTooLargeException(string message) : Exception(message);
