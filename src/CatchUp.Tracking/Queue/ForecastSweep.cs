namespace CatchUp.Tracking.Queue;

/// <summary>What a forecast knows of a sweep with runs that wait or run.</summary>
internal sealed record ForecastSweep(long Id, string Owner, bool Paused, int? MaxParallel, ScheduleWindow? Window, SweepRequirements Requires);
