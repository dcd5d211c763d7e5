using CatchUp.Contracts.Runs;

namespace CatchUp.Tracking.Runs;

public enum RunSort
{
    Created,
    Name,
    State,
    Step,
    Loss,
    Best,
    Updated,
}

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

    public RunSort Sort { get; init; } = RunSort.Created;

    public bool Descending { get; init; } = true;

    public int Offset { get; init; }

    public int Limit { get; init; } = 100;
}
