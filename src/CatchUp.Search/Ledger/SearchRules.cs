using CatchUp.Search.Methods;
using CatchUp.Search.Objectives;
using CatchUp.Search.Stopping;

namespace CatchUp.Search.Ledger;

/// <summary>All that decides, with the space and the results, what a sweep tries.</summary>
public sealed record SearchRules
{
    public const int MostTrials = 100_000;

    public SearchMethod Method { get; init; } = SearchMethod.Grid;

    public int Seed { get; init; }

    /// <summary>How many configurations to try; a grid ends by itself.</summary>
    public int Trials { get; init; } = MostTrials;

    /// <summary>One for each objective; rungs compare the first.</summary>
    public IReadOnlyList<Goal> Goals { get; init; } = [Goal.Minimize];

    public TpeOptions Tpe { get; init; } = new();

    /// <summary>Null: every trial finishes.</summary>
    public StoppingRules? Stopping { get; init; }

    public FailurePolicy Failures { get; init; } = new();

    internal ISearchMethod CreateMethod() => Method switch
    {
        SearchMethod.Grid => new GridMethod(),
        SearchMethod.Random => new RandomMethod(Seed),
        SearchMethod.Sobol => new SobolMethod(Seed),
        _ => new TpeMethod(Seed, Tpe),
    };
}
