namespace CatchUp.Contracts.Workers;

/// <summary>The worker is alive and so are these attempts. Extends their leases; answered with <see cref="HeartbeatAnswer"/>.</summary>
public sealed record Heartbeat
{
    public required string Worker { get; init; }

    public Guid Incarnation { get; init; }

    /// <summary>The product's version, for people.</summary>
    public string Version { get; init; } = "";

    /// <summary>See <see cref="WorkerContract"/>.</summary>
    public int Contract { get; init; } = WorkerContract.Version;

    /// <summary>Fingerprint of its token for artifacts; null for the worker inside the server.</summary>
    public string? Token { get; init; }

    public IReadOnlyList<SlotStatus> Slots { get; init; } = [];
}
