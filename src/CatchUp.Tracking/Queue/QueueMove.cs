namespace CatchUp.Tracking.Queue;

/// <summary>Another place for a waiting run, or for all waiting runs of a sweep: exactly one of <see cref="Run"/> and <see cref="Sweep"/>, and exactly one of <see cref="Before"/>, <see cref="After"/> and <see cref="ToTop"/>.</summary>
public sealed record QueueMove
{
    public long? Run { get; init; }

    public long? Sweep { get; init; }

    /// <summary>A run or sweep, as what is moved.</summary>
    public long? Before { get; init; }

    public long? After { get; init; }

    public bool ToTop { get; init; }
}
