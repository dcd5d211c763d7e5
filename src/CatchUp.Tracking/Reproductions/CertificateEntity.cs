namespace CatchUp.Tracking.Reproductions;

/// <summary>What came of comparing a run with the one that it repeats, kept when both have ended: it outlives the original, and weights that are freed.</summary>
internal sealed class CertificateEntity
{
    /// <summary>The run that repeats.</summary>
    public long RunId { get; set; }

    public long OriginalRunId { get; set; }

    /// <summary>The ends that it is about; another end since makes it stale.</summary>
    public long RunEndedAt { get; set; }

    /// <summary>Null: the original was deleted before anything was compared.</summary>
    public long? OriginalEndedAt { get; set; }

    public long MadeAt { get; set; }

    /// <summary>The <see cref="Certificate"/> as JSON, to the byte.</summary>
    public required string Content { get; set; }

    /// <summary>Of the content's UTF-8 bytes.</summary>
    public required string Sha256 { get; set; }
}
