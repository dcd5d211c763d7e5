using CatchUp.Tracking.Runs;

namespace CatchUp.Tracking.Nights;

/// <summary>The morning after: what happened between two instants.</summary>
public sealed record Night
{
    public DateTimeOffset From { get; init; }

    public DateTimeOffset To { get; init; }

    /// <summary>Sweeps that something happened to: first those with a better best, then by what they did.</summary>
    public IReadOnlyList<NightSweep> Sweeps { get; init; } = [];

    /// <summary>Runs that failed and have not been retried since, by sweep and kind of failure; most first.</summary>
    public IReadOnlyList<NightFailure> Failures { get; init; } = [];

    public SlotTime Gpu { get; init; } = SlotTime.Nothing;

    public SlotTime Cpu { get; init; } = SlotTime.Nothing;

    /// <summary>What waits now, whichever night is looked at.</summary>
    public IReadOnlyList<NightWaiting> Waiting { get; init; } = [];

    public bool IsEmpty => Sweeps.Count == 0 && Failures.Count == 0 && Waiting.Count == 0;
}
