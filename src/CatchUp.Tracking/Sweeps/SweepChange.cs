using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Runs;

namespace CatchUp.Tracking.Sweeps;

/// <summary>What a command did to a sweep, for whoever is told after the commit.</summary>
internal sealed record SweepChange(CommandOutcome Outcome)
{
    /// <summary>Runs that wait for a slot now.</summary>
    public int Queued { get; init; }

    /// <summary>What running attempts are to do.</summary>
    public IReadOnlyList<AttemptOrder> Orders { get; init; } = [];
}
