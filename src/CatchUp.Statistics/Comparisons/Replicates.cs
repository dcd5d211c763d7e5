namespace CatchUp.Statistics.Comparisons;

/// <summary>Runs that the caller holds to be alike but for the seed: the replicates of one configuration.</summary>
public sealed record Replicates(string Name, IReadOnlyList<SeededValue> Runs);
