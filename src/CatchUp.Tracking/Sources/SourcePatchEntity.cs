namespace CatchUp.Tracking.Sources;

/// <summary>What was changed over a commit when a trainer was built. Stored once, however many runs that trainer makes.</summary>
internal sealed class SourcePatchEntity
{
    /// <summary>Of the whole patch.</summary>
    public required string Sha256 { get; set; }

    /// <summary>The patch, or its beginning.</summary>
    public required string Text { get; set; }

    public long At { get; set; }
}
