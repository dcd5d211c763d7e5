using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Filters;

namespace CatchUp.Tracking.Runs;

/// <summary>What a list shows of a run.</summary>
public sealed record RunSummary
{
    public long Id { get; init; }

    public required string Name { get; init; }

    public required string Project { get; init; }

    public long? SweepId { get; init; }

    public string? SweepName { get; init; }

    public RunKind Kind { get; init; }

    /// <summary>The run whose snapshot it starts from or evaluates.</summary>
    public long? ParentRunId { get; init; }

    /// <summary>The run that it repeats, to see whether the same comes of it.</summary>
    public long? ReproducesRunId { get; init; }

    public RunState State { get; init; }

    /// <summary>What a running run was asked to do and has not done yet: Pause or Cancel; Continue when nothing.</summary>
    public OrderKind Order { get; init; }

    /// <summary>Number of the current or last attempt; 0 before the first.</summary>
    public int Attempt { get; init; }

    public int Step { get; init; }

    public int Steps { get; init; }

    public int Seed { get; init; }

    /// <summary>Index of the configuration in its sweep, from 0.</summary>
    public int Trial { get; init; }

    /// <summary>Index among runs of the same configuration, from 0.</summary>
    public int Replicate { get; init; }

    /// <summary>The swept keys and their values: "objective.order = rk23". Empty for a run without a space.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Why the run is in its state; or, queued, why it waits.</summary>
    public string? Cause { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Advice { get; init; }

    /// <summary>What kind of failure ended it; null when none did.</summary>
    public FailureKind? Failure { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The first prediction of its start and end, when it was queued or as soon as there was anything to predict from; null: there was none.</summary>
    public DateTimeOffset? PredictedStart { get; init; }

    public DateTimeOffset? PredictedEnd { get; init; }

    public DateTimeOffset? PredictedAt { get; init; }

    public double? LastLoss { get; init; }

    /// <summary>Best value of the sweep's objective so far.</summary>
    public Evaluation? Best { get; init; }

    /// <summary>Measured speed of the running attempt.</summary>
    public double? StepsPerSecond { get; init; }

    /// <summary>Time to the end of training at that speed.</summary>
    public TimeSpan? Remaining { get; init; }

    public string? Worker { get; init; }

    /// <summary>"training", "sampling", "evaluating"; null when it is not running.</summary>
    public string? Phase { get; init; }

    public bool Archived { get; init; }

    public string? Owner { get; init; }

    /// <summary>In alphabetical order.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public string? Note { get; init; }

    /// <summary>The same word for runs whose configuration differs in the seed alone.</summary>
    public string? Configuration { get; init; }

    /// <summary>What it has of each of <see cref="RunQuery.Columns"/>, by the term's text.</summary>
    public IReadOnlyDictionary<string, TermValue> Values { get; init; } = NoValues;

    private static IReadOnlyDictionary<string, TermValue> NoValues { get; } = new Dictionary<string, TermValue>();

    public TermValue ValueOf(RunTerm term) => Values.GetValueOrDefault(term.Text, TermValue.None);
}
