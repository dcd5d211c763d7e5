using CatchUp.Contracts.Runs;

namespace CatchUp.Tracking.Runs;

/// <summary>One line of a run's history: a state change, a rewind, an order.</summary>
public sealed record RunEvent(long Id, DateTimeOffset At, int Attempt, RunState? From, RunState To, string Cause);
