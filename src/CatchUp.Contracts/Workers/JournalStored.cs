namespace CatchUp.Contracts.Workers;

/// <summary>All entries up to this position are stored; the next batch starts behind it.</summary>
public sealed record JournalStored
{
    public long Position { get; init; }
}
