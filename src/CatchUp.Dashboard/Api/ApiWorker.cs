using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Workers;

namespace CatchUp.Dashboard.Api;

internal sealed record ApiWorker(string Name, Guid Incarnation, string Version, bool Online, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, IReadOnlyList<ApiSlot> Slots)
{
    public static ApiWorker From(WorkerSummary worker) => new(
        worker.Name, worker.Incarnation, worker.Version, worker.Online, worker.FirstSeen, worker.LastSeen,
        [.. worker.Slots.Select(slot => new ApiSlot(slot.Slot, slot.Capabilities, slot.Run?.Id, slot.Run?.Name, slot.Phase))]);
}

/// <summary>A slot; <paramref name="RunId"/> is null when it is free.</summary>
internal sealed record ApiSlot(int Slot, WorkerCapabilities Capabilities, long? RunId, string? RunName, string? Phase);
