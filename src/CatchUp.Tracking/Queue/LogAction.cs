namespace CatchUp.Tracking.Queue;

/// <summary>What a line of a run's log can bring about when its attempt ends badly.</summary>
public enum LogAction
{
    /// <summary>Queue the run again, but never for this worker.</summary>
    ExcludeWorker,

    /// <summary>Queue the run again, whatever ended it.</summary>
    Retry,

    /// <summary>Let the run fail at once, also where it would have been tried again.</summary>
    Fail,
}
