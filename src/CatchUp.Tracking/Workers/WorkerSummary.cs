namespace CatchUp.Tracking.Workers;

/// <summary>A worker that has been heard of.</summary>
/// <param name="Online">Its last heartbeat is within a lease.</param>
public sealed record WorkerSummary(string Name, Guid Incarnation, string Version, bool Online, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, IReadOnlyList<SlotSummary> Slots);
