using CatchUp.Contracts.Journal;

namespace CatchUp.Tracking.Runs;

/// <summary>One try at a run, and the lease that makes it the run's only one.</summary>
internal sealed class AttemptEntity
{
    public long RunId { get; set; }

    public int Number { get; set; }

    public required string Worker { get; set; }

    public Guid Incarnation { get; set; }

    public int Slot { get; set; }

    /// <summary>What it runs on, in words: steps cost the same on the same device. Null for attempts from before this was kept.</summary>
    public string? Device { get; set; }

    /// <summary>The request that this attempt answered.</summary>
    public Guid RequestId { get; set; }

    /// <summary>The answer, as JSON: the same request gets the same answer.</summary>
    public required string Assignment { get; set; }

    /// <summary>When the lease runs out, in database time.</summary>
    public long LeaseExpiresAt { get; set; }

    /// <summary>It is the run's current attempt and its lease was not ended.</summary>
    public bool Live { get; set; }

    /// <summary>Number of the last journal entry that is stored.</summary>
    public long Position { get; set; }

    public int FromStep { get; set; }

    public int LastStep { get; set; }

    public AttemptOutcome? Outcome { get; set; }

    public string? Cause { get; set; }

    public long AssignedAt { get; set; }

    /// <summary>When the trainer began, by the worker's clock; null: it never did.</summary>
    public long? StartedAt { get; set; }

    /// <summary>When <see cref="LastStep"/> was reached, by the worker's clock.</summary>
    public long? ProgressAt { get; set; }

    public long? EndedAt { get; set; }

    /// <summary>Its own journal ended it, so that everything it had to say is stored.</summary>
    public bool EndedByJournal { get; set; }

    public double TrainingSeconds { get; set; }

    public double SamplingSeconds { get; set; }

    public double EvaluationSeconds { get; set; }

    /// <summary>Time between the checkpoint that the next attempt went on from and this one's end: it had to be spent again. Known when the next attempt begins.</summary>
    public double LostSeconds { get; set; }

    public long LogHeadBytes { get; set; }

    public long LogTailBytes { get; set; }
}
