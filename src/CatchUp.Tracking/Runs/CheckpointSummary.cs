using CatchUp.Contracts.Journal;

namespace CatchUp.Tracking.Runs;

/// <summary>A checkpoint or snapshot of a run.</summary>
/// <param name="Stored">Its file is in the artifact store.</param>
/// <param name="Pinned">It is kept whatever the retention policy says.</param>
public sealed record CheckpointSummary(long Id, CheckpointKind Type, int Step, string Sha256, long Bytes, DateTimeOffset At, bool Stored, bool Pinned);
