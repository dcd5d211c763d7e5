namespace CatchUp.Tracking.Reproductions;

/// <summary>An entry of the environments that differs.</summary>
/// <param name="Key">As it is recorded.</param>
/// <param name="Original">Null: not recorded.</param>
/// <param name="Reproduction">Null: not recorded.</param>
public sealed record EnvironmentDifference(string Key, string? Original, string? Reproduction);
