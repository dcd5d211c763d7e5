namespace CatchUp.Contracts.Workers;

public sealed record HeartbeatAnswer
{
    /// <summary>One for every attempt of the heartbeat.</summary>
    public IReadOnlyList<AttemptOrder> Orders { get; init; } = [];
}
