using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Runs;

namespace CatchUp.Tracking.Workers;

/// <summary>A slot and what runs in it; <paramref name="Run"/> is null when it is free.</summary>
public sealed record SlotSummary(int Slot, WorkerCapabilities Capabilities, RunSummary? Run, string? Phase);
