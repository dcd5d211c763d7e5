namespace CatchUp.Tracking.Reports;

/// <summary>A picture that a frozen block shows. It stays among the artifacts when its run goes.</summary>
internal sealed class ReportImageEntity
{
    public long ReportId { get; set; }

    public required string BlockSha256 { get; set; }

    public required string Sha256 { get; set; }

    public long Bytes { get; set; }
}
