namespace CatchUp.Contracts.Workers;

public sealed record HeartbeatAnswer
{
    public WorkerStanding Standing { get; init; }

    /// <summary>Why it is not <see cref="WorkerStanding.Accepted"/>, for the worker's log.</summary>
    public string? Reason { get; init; }

    /// <summary>One for every attempt of the heartbeat.</summary>
    public IReadOnlyList<AttemptOrder> Orders { get; init; } = [];
}
