namespace CatchUp.Contracts.Journal;

/// <summary>The identity of an evaluation (or, without a metric, of a sample grid) within one step of a run.</summary>
/// <param name="Gate">As <see cref="EvaluationMade.Gate"/> has it.</param>
public sealed record StoredResult(string Solver, int Nfe, int Head, string? Metric = null, int Gate = 0);
