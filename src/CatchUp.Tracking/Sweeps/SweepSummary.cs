using CatchUp.Contracts.Runs;
using CatchUp.Tracking.Evaluations;

namespace CatchUp.Tracking.Sweeps;

public sealed record SweepSummary
{
    public long Id { get; init; }

    public required string Name { get; init; }

    public required string Project { get; init; }

    public string? Owner { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public int Trials { get; init; }

    public int Replicates { get; init; }

    public int Runs { get; init; }

    /// <summary>Runs in each state; states without runs are left out.</summary>
    public IReadOnlyDictionary<RunState, int> States { get; init; } = new Dictionary<RunState, int>();

    /// <summary>Share of all steps that is done, 0 to 1.</summary>
    public double Progress { get; init; }

    public TimeSpan? Remaining { get; init; }

    public SweepObjective? Objective { get; init; }

    /// <summary>Best value of the objective over all runs so far.</summary>
    public Evaluation? Best { get; init; }

    public string? BestRunName { get; init; }

    /// <summary>It looks for configurations one after the other: more runs may come.</summary>
    public bool Searches { get; init; }

    /// <summary>Cancelled as a whole: nothing more is tried until it is resumed.</summary>
    public bool SearchStopped { get; init; }

    /// <summary>Every trial of its search has its end.</summary>
    public bool SearchEnded { get; init; }

    public int Priority { get; init; }

    public int? MaxParallel { get; init; }

    /// <summary>When it may run, as it was written; null: at any time.</summary>
    public string? Window { get; init; }

    /// <summary>As it was written.</summary>
    public string? Deadline { get; init; }

    public DateTimeOffset? DeadlineAt { get; init; }

    public bool Archived { get; init; }

    /// <summary>None of its queued runs is handed out.</summary>
    public bool Paused { get; init; }
}
