namespace CatchUp.Tracking.Nights;

/// <summary>Runs of a sweep that wait now, and why the first of them does.</summary>
public sealed record NightWaiting(long SweepId, string SweepName, int Count, string Reason);
