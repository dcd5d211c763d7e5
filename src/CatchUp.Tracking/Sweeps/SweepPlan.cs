using CatchUp.Contracts.Sweeps;

namespace CatchUp.Tracking.Sweeps;

/// <summary>What a sweep file would do, or what is wrong with it. Nothing is stored by making a plan.</summary>
public sealed record SweepPlan
{
    /// <summary>Empty when the sweep can be launched.</summary>
    public IReadOnlyList<SweepProblem> Problems { get; init; } = [];

    public string Name { get; init; } = "";

    public string Project { get; init; } = "default";

    public int Trials { get; init; }

    public int Replicates { get; init; }

    public int Runs { get; init; }

    public IReadOnlyList<string> SweptKeys { get; init; } = [];

    /// <summary>The first configurations, at most ten.</summary>
    public IReadOnlyList<PlannedTrial> FirstTrials { get; init; } = [];

    public SweepObjective? Objective { get; init; }

    /// <summary>Its trials follow from what came of those before: the first ones are what it would begin with.</summary>
    public bool Searches { get; init; }

    public bool IsValid => Problems.Count == 0;
}
