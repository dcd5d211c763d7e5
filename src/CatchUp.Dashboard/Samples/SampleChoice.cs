namespace CatchUp.Dashboard.Samples;

/// <summary>Which sample grid is looked at.</summary>
/// <param name="Step">Null: the last one.</param>
/// <param name="Nfe">Null: the largest.</param>
/// <param name="Head">Null: the first.</param>
/// <param name="Solver">Null: the first.</param>
public sealed record SampleChoice(int? Step = null, int? Nfe = null, int? Head = null, string? Solver = null);
