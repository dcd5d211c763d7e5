namespace CatchUp.Contracts.Journal;

public enum CheckpointKind
{
    /// <summary>All it takes to resume: weights, EMA, optimizer state, progress.</summary>
    Checkpoint,

    /// <summary>The EMA weights, for use.</summary>
    Snapshot,
}

/// <summary>A file of weights has been written, flushed and renamed into place.</summary>
public sealed record CheckpointSaved : JournalEntry
{
    public CheckpointKind Type { get; init; }

    public int Step { get; init; }

    /// <summary>The safetensors file, relative to the run directory.</summary>
    public required string File { get; init; }

    public required string Sha256 { get; init; }

    public long Bytes { get; init; }
}
