namespace CatchUp.Contracts.Sweeps;

/// <summary>The sweep is stored and its runs are queued.</summary>
public sealed record SweepAccepted
{
    public long SweepId { get; init; }

    public int Runs { get; init; }

    /// <summary>The request id was known: nothing was stored again.</summary>
    public bool AlreadyKnown { get; init; }
}
