namespace CatchUp.Tracking.Launching;

/// <summary>A stored sweep that tries the same configurations as a draft.</summary>
public sealed record SweepTwin(long Id, string Name, DateTimeOffset CreatedAt);
