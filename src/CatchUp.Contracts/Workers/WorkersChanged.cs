namespace CatchUp.Contracts.Workers;

/// <summary>News: a worker appeared, went away, or took or left a run.</summary>
public sealed record WorkersChanged
{
    public Guid Incarnation { get; init; }
}
