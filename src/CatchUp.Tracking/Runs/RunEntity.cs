using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Workers;

namespace CatchUp.Tracking.Runs;

internal sealed class RunEntity
{
    public long Id { get; set; }

    public long SweepId { get; set; }

    /// <summary>Index of the configuration in its sweep, from 0.</summary>
    public int Trial { get; set; }

    /// <summary>Index among the runs of one configuration, from 0.</summary>
    public int Replicate { get; set; }

    public required string Name { get; set; }

    public required string Project { get; set; }

    public RunKind Kind { get; set; }

    /// <summary>The run whose snapshot it starts from or evaluates.</summary>
    public long? ParentRunId { get; set; }

    /// <summary>The run that this one repeats, to see whether the same comes of it. That one may be deleted.</summary>
    public long? ReproducesRunId { get; set; }

    /// <summary>The very snapshot of the parent that it starts from, where that is settled beforehand; null: the one that its specification says.</summary>
    public string? InitialSha256 { get; set; }

    /// <summary>The step of that snapshot.</summary>
    public int? InitialStep { get; set; }

    /// <summary>The whole <see cref="Contracts.Specifications.RunSpecification"/> as JSON.</summary>
    public required string Specification { get; set; }

    /// <summary>Swept keys and their values as a JSON object of texts.</summary>
    public string Parameters { get; set; } = "{}";

    public RunState State { get; set; }

    /// <summary>What a running run was asked to do and has not done yet.</summary>
    public OrderKind PendingOrder { get; set; }

    /// <summary>What becomes of the run when it has paused as it was ordered to: back into the queue at a window's end, cancelled at a deadline. Null: it stays paused.</summary>
    public RunState? AfterPause { get; set; }

    /// <summary>Why, in words, for its history.</summary>
    public string? AfterPauseCause { get; set; }

    /// <summary>Number of the current or last attempt; 0 before the first.</summary>
    public int Attempt { get; set; }

    /// <summary>Attempts that had started and were lost since the user last resumed the run.</summary>
    public int LostAttempts { get; set; }

    public int Step { get; set; }

    public int Steps { get; set; }

    public int Seed { get; set; }

    public int Priority { get; set; }

    /// <summary>The data set a worker needs to make it.</summary>
    public required string Dataset { get; set; }

    /// <summary>The feature extractor its evaluations need; null: none.</summary>
    public string? Extractor { get; set; }

    /// <summary>Its place among runs of equal claim: by age, until someone moves it. 0 in runs from before this was kept.</summary>
    public double Position { get; set; }

    /// <summary>Runs of one key cost the same time per step on the same device; null for runs from before this was kept.</summary>
    public string? CostKey { get; set; }

    /// <summary>What all its evaluations together cost, in <see cref="Queue.RunCost"/>'s unit.</summary>
    public double EvaluationWork { get; set; }

    /// <summary>When the prediction below was made: as soon as there was anything to predict from.</summary>
    public long? PredictedAt { get; set; }

    public long? PredictedStart { get; set; }

    public long? PredictedEnd { get; set; }

    public long CreatedAt { get; set; }

    public long? StartedAt { get; set; }

    public long? EndedAt { get; set; }

    public long UpdatedAt { get; set; }

    public string? Cause { get; set; }

    public string? Advice { get; set; }

    /// <summary>What kind of failure ended it; null when none did.</summary>
    public FailureKind? Failure { get; set; }

    /// <summary>Asked to pause, it is to be cancelled as soon as its checkpoint is written.</summary>
    public bool CancelAtCheckpoint { get; set; }

    public double? LastLoss { get; set; }

    /// <summary>The evaluation that is best by the sweep's objective.</summary>
    public long? BestEvaluationId { get; set; }

    /// <summary>Its value, here for sorting.</summary>
    public double? BestValue { get; set; }

    /// <summary>Environment of the last attempt that started, as a JSON object of texts.</summary>
    public string Environment { get; set; } = "{}";

    public long? ParameterCount { get; set; }

    public bool Archived { get; set; }

    /// <summary>What all runs have in common that differ in the seed alone (<see cref="Configurations.Configuration.HashOf"/>); null until an older version's run is indexed.</summary>
    public string? Configuration { get; set; }

    /// <summary>What someone noted about it.</summary>
    public string? Note { get; set; }
}
