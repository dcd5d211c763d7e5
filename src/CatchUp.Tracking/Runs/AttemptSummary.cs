using CatchUp.Contracts.Journal;

namespace CatchUp.Tracking.Runs;

/// <summary>One try at a run on one worker.</summary>
public sealed record AttemptSummary(int Number, string Worker, int Slot, DateTimeOffset AssignedAt, DateTimeOffset? EndedAt, AttemptOutcome? Outcome, int FromStep, int LastStep, long Position, string? Cause)
{
    /// <summary>What it ran on, in words, as "cuda NVIDIA H200"; null for attempts from before this was kept.</summary>
    public string? Device { get; init; }

    /// <summary>What its slot was occupied with, in seconds; of one that still runs, until now.</summary>
    public SlotTime Seconds { get; init; } = SlotTime.Nothing;
}
