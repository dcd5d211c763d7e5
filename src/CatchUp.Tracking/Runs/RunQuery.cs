using CatchUp.Contracts.Runs;
using CatchUp.Tracking.Filters;

namespace CatchUp.Tracking.Runs;

/// <summary>Which runs, in which order, from where.</summary>
public sealed record RunQuery
{
    public long? SweepId { get; init; }

    public string? Project { get; init; }

    /// <summary>Empty: any state.</summary>
    public IReadOnlyList<RunState> States { get; init; } = [];

    /// <summary>Part of the name, the sweep's name or the project, or an id; case does not matter.</summary>
    public string? Text { get; init; }

    /// <summary>Only these runs, in no particular order; for a comparison.</summary>
    public IReadOnlyList<long>? Ids { get; init; }

    public bool Archived { get; init; }

    /// <summary>All others must hold too.</summary>
    public RunFilter Filter { get; init; } = RunFilter.None;

    public RunTerm Sort { get; init; } = RunTerm.Named("created");

    public bool Descending { get; init; } = true;

    /// <summary>What is read of each run besides (<see cref="RunSummary.Values"/>).</summary>
    public IReadOnlyList<RunTerm> Columns { get; init; } = [];

    /// <summary>What the runs of a group are alike in, for <see cref="RunStore.GroupsAsync"/>.</summary>
    public IReadOnlyList<RunTerm> Groups { get; init; } = [];

    public int Offset { get; init; }

    public int Limit { get; init; } = 100;
}
