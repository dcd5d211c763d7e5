using CatchUp.Contracts.Journal;

namespace CatchUp.Tracking.Runs;

internal sealed class CheckpointEntity
{
    public long Id { get; set; }

    public long RunId { get; set; }

    public CheckpointKind Type { get; set; }

    public int Step { get; set; }

    public required string Sha256 { get; set; }

    public long Bytes { get; set; }

    public long At { get; set; }

    /// <summary>The trainer dropped the file; the row stays until a newer checkpoint's file has arrived.</summary>
    public bool Removed { get; set; }

    /// <summary>Kept whatever the retention policy says, and whatever the trainer drops.</summary>
    public bool Pinned { get; set; }
}
