namespace CatchUp.Tracking.Reproductions;

/// <param name="Step">The snapshot's.</param>
/// <param name="Original">Null: only the reproduction has it.</param>
/// <param name="Reproduction">Null: only the original has it.</param>
public sealed record ComparedEvaluation(int Step, string Solver, int Nfe, int Head, string Metric, int Samples, double? Original, double? Reproduction);
