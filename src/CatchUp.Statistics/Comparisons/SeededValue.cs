namespace CatchUp.Statistics.Comparisons;

/// <summary>One run's value, and the seed that the run was trained with; runs without a known seed are never paired.</summary>
public readonly record struct SeededValue(long? Seed, double Value);
