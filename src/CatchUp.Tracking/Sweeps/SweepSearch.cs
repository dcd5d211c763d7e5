using CatchUp.Search.Ledger;
using CatchUp.Tracking.Searches;

namespace CatchUp.Tracking.Sweeps;

/// <summary>What a sweep file says of its search, before it is known what is measured.</summary>
internal sealed record SweepSearch
{
    /// <summary>Complete but for the goals and the rungs, which depend on the objectives and on the base.</summary>
    public required SearchRules Rules { get; init; }

    /// <summary>Null: every trial finishes.</summary>
    public SweepStopping? Stopping { get; init; }

    /// <summary>Empty: the sweep's own objective.</summary>
    public IReadOnlyList<SearchObjective> Objectives { get; init; } = [];
}
