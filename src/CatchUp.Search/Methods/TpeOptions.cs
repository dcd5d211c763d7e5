namespace CatchUp.Search.Methods;

/// <summary>How <see cref="TpeMethod"/> models.</summary>
public sealed record TpeOptions
{
    /// <summary>Results to know before modelling begins.</summary>
    public int StartUp { get; init; } = 10;

    /// <summary>Whether the trials before are points of Sobol's sequence; else they are random.</summary>
    public bool QuasiRandomStart { get; init; } = true;

    /// <summary>Configurations drawn from the good trials' density, of which the best by ratio is proposed.</summary>
    public int Candidates { get; init; } = 24;

    /// <summary>The share of trials called good.</summary>
    public double GoodShare { get; init; } = 0.1;

    /// <summary>Most trials called good.</summary>
    public int MostGood { get; init; } = 25;

    /// <summary>Most others modelled: all that still run (at most 200) and the rest evenly picked, so that a proposal's cost stops growing.</summary>
    public int MostOthers { get; init; } = 500;
}
