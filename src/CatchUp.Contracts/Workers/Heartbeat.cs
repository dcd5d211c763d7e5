namespace CatchUp.Contracts.Workers;

/// <summary>The worker is alive and so are these attempts. Extends their leases; answered with <see cref="HeartbeatAnswer"/>.</summary>
public sealed record Heartbeat
{
    public required string Worker { get; init; }

    public Guid Incarnation { get; init; }

    public string Version { get; init; } = "";

    public IReadOnlyList<SlotStatus> Slots { get; init; } = [];
}
