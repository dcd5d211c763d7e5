namespace CatchUp.Search.Ledger;

/// <summary>How a sweep chooses its configurations.</summary>
public enum SearchMethod
{
    Grid,
    Random,
    Sobol,
    Tpe,
}
