namespace CatchUp.Contracts.Workers;

public sealed record SlotStatus
{
    public int Slot { get; init; }

    public WorkerCapabilities Capabilities { get; init; } = new();

    /// <summary>The attempt in the slot; null when it is free.</summary>
    public long? RunId { get; init; }

    public int? Attempt { get; init; }

    /// <summary>What the attempt is doing: "training", "sampling", "evaluating"; for people.</summary>
    public string? Phase { get; init; }

    /// <summary>Measurements of the machine during the attempt, named <c>system/…</c>. Losing one does no harm.</summary>
    public IReadOnlyList<SystemSample> System { get; init; } = [];
}
