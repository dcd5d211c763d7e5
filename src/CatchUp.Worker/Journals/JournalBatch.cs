using CatchUp.Contracts.Journal;

namespace CatchUp.Worker.Journals;

/// <summary>Consecutive entries, and the place in the file behind them.</summary>
internal sealed record JournalBatch(IReadOnlyList<JournalEntry> Entries, long EndOffset);
