namespace CatchUp.Tracking.Runs;

/// <summary>A worker that a run is not given to any more, and why.</summary>
public sealed record RunExclusion(string Worker, string Reason, int Attempt, DateTimeOffset At);
