namespace CatchUp.Tracking.Metrics;

/// <summary>A point as it was logged; the value may be NaN or infinite.</summary>
public sealed record RawPoint(long Step, double Value, DateTimeOffset At);
