namespace CatchUp.Statistics.Importance;

/// <summary>One run: its flat configuration without the seed, a key that it lacks being missing, and what came of it.</summary>
/// <param name="Value">Runs whose value is NaN or ±∞ are left out and counted.</param>
public sealed record Observation(IReadOnlyDictionary<string, FeatureValue> Configuration, double Value);
