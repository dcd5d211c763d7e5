using CatchUp.Contracts.Runs;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Dashboard.Api;

internal record ApiSweep
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
    public required IReadOnlyDictionary<RunState, int> States { get; init; }

    /// <summary>Share of all steps that is done, 0 to 1.</summary>
    public double Progress { get; init; }

    public double? RemainingSeconds { get; init; }

    public SweepObjective? Objective { get; init; }

    public ApiEvaluation? Best { get; init; }

    public string? BestRunName { get; init; }

    public int Priority { get; init; }

    public int? MaxParallel { get; init; }

    public string? Window { get; init; }

    public string? Deadline { get; init; }

    public DateTimeOffset? DeadlineAt { get; init; }

    public bool Paused { get; init; }

    public bool Archived { get; init; }

    public static ApiSweep From(SweepSummary sweep) => Fill(sweep, new ApiSweep { Name = "", Project = "", States = sweep.States });

    protected static T Fill<T>(SweepSummary sweep, T target)
        where T : ApiSweep => target with
        {
            Id = sweep.Id,
            Name = sweep.Name,
            Project = sweep.Project,
            Owner = sweep.Owner,
            CreatedAt = sweep.CreatedAt,
            Trials = sweep.Trials,
            Replicates = sweep.Replicates,
            Runs = sweep.Runs,
            States = sweep.States,
            Progress = sweep.Progress,
            RemainingSeconds = sweep.Remaining?.TotalSeconds,
            Objective = sweep.Objective,
            Best = sweep.Best is { } best ? ApiEvaluation.From(best) : null,
            BestRunName = sweep.BestRunName,
            Priority = sweep.Priority,
            MaxParallel = sweep.MaxParallel,
            Window = sweep.Window,
            Deadline = sweep.Deadline,
            DeadlineAt = sweep.DeadlineAt,
            Paused = sweep.Paused,
            Archived = sweep.Archived,
        };
}
