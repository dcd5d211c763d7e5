using CatchUp.Tracking.Reports;

namespace CatchUp.Dashboard.Reports;

/// <summary>A block with the data that it shows.</summary>
/// <param name="Data">What is shown; null when a frozen block's data is not stored.</param>
/// <param name="Json">Exactly what is hashed.</param>
/// <param name="At">When it was read.</param>
/// <param name="Server">The version of the server that read it.</param>
/// <param name="Changes">Of a frozen block: what has become of its runs since.</param>
internal sealed record ReportBlockContent(ReportPart.Block Part, ReportData? Data, string? Json, string? Sha256, DateTimeOffset? At, string? Server, IReadOnlyList<string> Changes)
{
    public bool IsFrozen => Part.Frozen is not null;
}
