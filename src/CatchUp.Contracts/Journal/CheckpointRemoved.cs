namespace CatchUp.Contracts.Journal;

/// <summary>A file of weights was dropped because newer ones took its place.</summary>
public sealed record CheckpointRemoved : JournalEntry
{
    public CheckpointKind Type { get; init; }

    public int Step { get; init; }

    public required string Sha256 { get; init; }
}
