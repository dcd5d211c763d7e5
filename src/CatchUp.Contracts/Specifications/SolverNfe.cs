namespace CatchUp.Contracts.Specifications;

/// <summary>At which numbers of network evaluations a solver measures.</summary>
public static class SolverNfe
{
    /// <summary>Those of a list that the solver can make do with: the odd ones for Heun's method, none for a solver that counts its own.</summary>
    public static IReadOnlyList<int> Of(SolverKind solver, IReadOnlyList<int> nfe) => solver switch
    {
        SolverKind.Heun => [.. nfe.Where(number => number % 2 == 1)],
        SolverKind.Rk45 => [],
        _ => nfe,
    };
}
