using CatchUp.Contracts.Journal;

namespace CatchUp.Tracking.Runs;

/// <summary>One try at a run on one worker.</summary>
public sealed record AttemptSummary(int Number, string Worker, int Slot, DateTimeOffset AssignedAt, DateTimeOffset? EndedAt, AttemptOutcome? Outcome, int FromStep, int LastStep, long Position, string? Cause);
