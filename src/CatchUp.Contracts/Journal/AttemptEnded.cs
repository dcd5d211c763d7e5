namespace CatchUp.Contracts.Journal;

public enum AttemptOutcome
{
    /// <summary>Trained and evaluated to the end.</summary>
    Completed,

    /// <summary>Stopped at a checkpoint on request; goes on from it.</summary>
    Paused,

    /// <summary>Stopped on request, for good.</summary>
    Cancelled,

    /// <summary>Ended by an error that would come again.</summary>
    Failed,

    /// <summary>The trainer or its worker went away; the run goes back to the queue.</summary>
    Lost,
}

/// <summary>The last entry of a journal. The run's state changes when it is stored. Written by the trainer, or by the worker when the trainer died without one.</summary>
public sealed record AttemptEnded : JournalEntry
{
    public AttemptOutcome Outcome { get; init; }

    public int Step { get; init; }

    /// <summary>Why, in a sentence: "The loss term catch_up_2 was not finite at step 412."</summary>
    public string? Cause { get; init; }

    /// <summary>What the user can do about it.</summary>
    public string? Advice { get; init; }

    /// <summary>What kind of failure it was; null when it was none, or when nobody could tell.</summary>
    public FailureKind? Failure { get; init; }

    /// <summary>Exit status of the trainer process, when it died without ending its journal.</summary>
    public int? ExitCode { get; init; }
}
