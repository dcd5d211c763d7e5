using CatchUp.Contracts.Specifications;

namespace CatchUp.Tracking.Sweeps;

public enum SweepGoal
{
    Minimize,
    Maximize,
}

/// <summary>What a sweep is about: one number of a run, and which way is better.</summary>
public sealed record SweepObjective(string Metric, SolverKind Solver, int Nfe, int Head, SweepGoal Goal);
