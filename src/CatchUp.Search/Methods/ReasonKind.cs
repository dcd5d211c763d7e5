namespace CatchUp.Search.Methods;

/// <summary>Why a configuration was proposed.</summary>
public enum ReasonKind
{
    /// <summary>It is the next one of a grid.</summary>
    Grid,

    Random,

    /// <summary>It is a point of Sobol's sequence.</summary>
    QuasiRandom,

    /// <summary>The density of good trials over that of the others is highest there.</summary>
    DensityRatio,

    /// <summary>Nothing is left to propose.</summary>
    Exhausted,
}
