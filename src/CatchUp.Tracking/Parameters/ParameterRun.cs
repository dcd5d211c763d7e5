namespace CatchUp.Tracking.Parameters;

/// <param name="Configuration">The same word for runs whose configuration differs in the seed alone.</param>
/// <param name="Values">For each of the table's terms; null where the run has none.</param>
public sealed record ParameterRun(long Id, string Name, long SweepId, int Seed, string? Configuration, IReadOnlyList<MeasuredNumber?> Values);
