namespace CatchUp.Contracts.Workers;

/// <summary>A free slot asks for work. Answered with <see cref="RunAssigned"/> or <see cref="NothingToDo"/>; the same request id again gets the same answer.</summary>
public sealed record RequestRun
{
    public required string Worker { get; init; }

    /// <summary>New at every start of the worker process.</summary>
    public Guid Incarnation { get; init; }

    public int Slot { get; init; }

    public Guid RequestId { get; init; }

    /// <summary>See <see cref="WorkerContract"/>.</summary>
    public int Contract { get; init; } = WorkerContract.Version;

    public WorkerCapabilities Capabilities { get; init; } = new();
}
