namespace CatchUp.Tracking.Reports;

/// <summary>The data of a frozen block, by its own hash: the text names the hash, and so the data.</summary>
internal sealed class ReportBlockEntity
{
    public long ReportId { get; set; }

    /// <summary>Of <see cref="Data"/>.</summary>
    public required string Sha256 { get; set; }

    /// <summary>A <see cref="ReportData"/> as JSON, exactly as it was hashed.</summary>
    public required string Data { get; set; }

    /// <summary>The server's version that read it.</summary>
    public required string Server { get; set; }

    public long FrozenAt { get; set; }
}
