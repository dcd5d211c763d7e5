namespace CatchUp.Dashboard.Samples;

/// <summary>A run of a sweep that has samples.</summary>
/// <param name="Parameters">The swept keys and their values.</param>
public sealed record SampledRun(long Id, string Name, int Replicate, IReadOnlyDictionary<string, string> Parameters);
