namespace CatchUp.Contracts.Sweeps;

/// <summary>The sweep file says something that cannot be run; nothing was stored.</summary>
public sealed record SweepRefused
{
    public IReadOnlyList<SweepProblem> Problems { get; init; } = [];
}
