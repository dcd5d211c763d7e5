using CatchUp.Contracts.Journal;

namespace CatchUp.Contracts.Workers;

/// <summary>A batch of an attempt's journal, up to 1,000 points or 1 MiB. Answered with <see cref="JournalStored"/> or <see cref="AttemptSuperseded"/>.</summary>
public sealed record ShipJournal
{
    public long RunId { get; init; }

    public int Attempt { get; init; }

    /// <summary>Consecutive entries. An empty batch asks for the stored position.</summary>
    public IReadOnlyList<JournalEntry> Entries { get; init; } = [];
}
