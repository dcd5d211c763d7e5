namespace CatchUp.Contracts.Workers;

/// <summary>What the coordinator wants of an attempt. Carried by every heartbeat's answer, and sent at once to the worker's own queue as a nudge.</summary>
public sealed record AttemptOrder
{
    public long RunId { get; init; }

    public int Attempt { get; init; }

    /// <summary>The worker that holds the attempt.</summary>
    public Guid Incarnation { get; init; }

    public OrderKind Order { get; init; }
}
