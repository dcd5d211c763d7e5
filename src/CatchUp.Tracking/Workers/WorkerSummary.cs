namespace CatchUp.Tracking.Workers;

/// <summary>A worker that has been heard of.</summary>
/// <param name="Online">Its last heartbeat is within a lease.</param>
public sealed record WorkerSummary(string Name, Guid Incarnation, string Version, bool Online, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, IReadOnlyList<SlotSummary> Slots)
{
    public WorkerState State { get; init; }

    /// <summary>Draining, it gives its runs back at a checkpoint instead of ending them.</summary>
    public bool GivesBack { get; init; }

    /// <summary>Fingerprint of its token; null: it is the server's own worker.</summary>
    public string? Token { get; init; }

    /// <summary>Why it was sent away; null: it was not.</summary>
    public string? Refusal { get; init; }
}
