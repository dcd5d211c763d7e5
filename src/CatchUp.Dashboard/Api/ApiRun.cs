using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Runs;

namespace CatchUp.Dashboard.Api;

/// <summary>A run. Its state is queued, running, paused, completed, pruned, failed or cancelled.</summary>
internal record ApiRun
{
    public long Id { get; init; }

    public required string Name { get; init; }

    public required string Project { get; init; }

    public long? SweepId { get; init; }

    public string? SweepName { get; init; }

    /// <summary>train or evaluate.</summary>
    public RunKind Kind { get; init; }

    /// <summary>The run whose snapshot it starts from or evaluates.</summary>
    public long? ParentRunId { get; init; }

    /// <summary>The run that it repeats, to see whether the same comes of it.</summary>
    public long? ReproducesRunId { get; init; }

    public RunState State { get; init; }

    /// <summary>What a running run was asked to do and has not done yet: pause or cancel; else continue.</summary>
    public OrderKind Order { get; init; }

    public int Attempt { get; init; }

    public int Step { get; init; }

    public int Steps { get; init; }

    public int Seed { get; init; }

    public int Trial { get; init; }

    public int Replicate { get; init; }

    /// <summary>Swept keys and their values.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    public string? Cause { get; init; }

    public string? Advice { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The first prediction of its start and end; null: there was none.</summary>
    public DateTimeOffset? PredictedStart { get; init; }

    public DateTimeOffset? PredictedEnd { get; init; }

    public double? LastLoss { get; init; }

    public ApiEvaluation? Best { get; init; }

    public double? StepsPerSecond { get; init; }

    public double? RemainingSeconds { get; init; }

    public string? Worker { get; init; }

    public string? Phase { get; init; }

    public bool Archived { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public string? Note { get; init; }

    /// <summary>The same word for runs whose configuration differs in the seed alone.</summary>
    public string? Configuration { get; init; }

    /// <summary>What the run has of each of the columns that were asked for; absent when none were.</summary>
    public IReadOnlyDictionary<string, object?>? Values { get; init; }

    public static ApiRun From(RunSummary run, IReadOnlyList<RunTerm> columns) => Fill(run, new ApiRun
    {
        Name = "",
        Project = "",
        Parameters = run.Parameters,
        Tags = run.Tags,
        Values = columns.Count == 0 ? null : run.Values.ToDictionary(pair => pair.Key, pair => pair.Value.Value),
    });

    protected static T Fill<T>(RunSummary run, T target)
        where T : ApiRun => target with
        {
            Id = run.Id,
            Name = run.Name,
            Project = run.Project,
            SweepId = run.SweepId,
            SweepName = run.SweepName,
            Kind = run.Kind,
            ParentRunId = run.ParentRunId,
            ReproducesRunId = run.ReproducesRunId,
            State = run.State,
            Order = run.Order,
            Attempt = run.Attempt,
            Step = run.Step,
            Steps = run.Steps,
            Seed = run.Seed,
            Trial = run.Trial,
            Replicate = run.Replicate,
            Parameters = run.Parameters,
            Cause = run.Cause,
            Advice = run.Advice,
            CreatedAt = run.CreatedAt,
            StartedAt = run.StartedAt,
            EndedAt = run.EndedAt,
            UpdatedAt = run.UpdatedAt,
            PredictedStart = run.PredictedStart,
            PredictedEnd = run.PredictedEnd,
            LastLoss = run.LastLoss,
            Best = run.Best is { } best ? ApiEvaluation.From(best) : null,
            StepsPerSecond = run.StepsPerSecond,
            RemainingSeconds = run.Remaining?.TotalSeconds,
            Worker = run.Worker,
            Phase = run.Phase,
            Archived = run.Archived,
            Tags = run.Tags,
            Note = run.Note,
            Configuration = run.Configuration,
        };
}
