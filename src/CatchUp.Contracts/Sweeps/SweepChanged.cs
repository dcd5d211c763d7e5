namespace CatchUp.Contracts.Sweeps;

/// <summary>News: a sweep was stored, its runs' states changed, or it was renamed, archived or deleted.</summary>
public sealed record SweepChanged
{
    public long SweepId { get; init; }
}
