namespace CatchUp.Tracking;

/// <summary>A stretch of a list. <paramref name="Next"/> is where the following stretch begins; null at the end.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, int Total, string? Next);
