using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Workers;

namespace CatchUp.Dashboard.Api;

/// <summary>A worker. Its state is ready, busy, draining, lost or refused; tokenFingerprint is the beginning of the hash of the one it shows, null for the server's own worker.</summary>
internal sealed record ApiWorker(string Name, Guid Incarnation, string Version, bool Online, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, IReadOnlyList<ApiSlot> Slots, WorkerState State, bool GivesBack, string? TokenFingerprint, string? Refusal)
{
    public static ApiWorker From(WorkerSummary worker) => new(
        worker.Name, worker.Incarnation, worker.Version, worker.Online, worker.FirstSeen, worker.LastSeen,
        [.. worker.Slots.Select(slot => new ApiSlot(slot.Slot, slot.Capabilities, slot.Run?.Id, slot.Run?.Name, slot.Phase))],
        worker.State, worker.GivesBack, worker.Token, worker.Refusal);
}

/// <summary>A slot; <paramref name="RunId"/> is null when it is free.</summary>
internal sealed record ApiSlot(int Slot, WorkerCapabilities Capabilities, long? RunId, string? RunName, string? Phase);
