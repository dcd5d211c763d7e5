using CatchUp.Contracts.Journal;

namespace CatchUp.Tracking.Runs;

/// <summary>A checkpoint or snapshot of a run.</summary>
/// <param name="Stored">Its file is in the artifact store.</param>
public sealed record CheckpointSummary(long Id, CheckpointKind Type, int Step, string Sha256, long Bytes, DateTimeOffset At, bool Stored);
