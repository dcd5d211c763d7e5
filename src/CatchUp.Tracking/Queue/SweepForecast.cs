namespace CatchUp.Tracking.Queue;

/// <summary>When a sweep will have ended, as the queue stands.</summary>
/// <param name="Open">Runs that wait or run, and those that a search is yet to propose.</param>
/// <param name="Unknown">Those of them whose end is unknown.</param>
/// <param name="End">The last end that is known; null when none is.</param>
/// <param name="Deadline">As it was written.</param>
/// <param name="DeadlineAt">The moment.</param>
public sealed record SweepForecast(int Open, int Unknown, DateTimeOffset? End, string? Deadline, DateTimeOffset? DeadlineAt)
{
    /// <summary>What is known already ends after the deadline.</summary>
    public bool MissesDeadline => DeadlineAt is { } deadline && End > deadline;
}
