namespace CatchUp.Tracking.Sweeps;

/// <summary>A value to set, which may be nothing. Where there is no setting at all, what is there stays.</summary>
public sealed record Setting<T>(T Value);
