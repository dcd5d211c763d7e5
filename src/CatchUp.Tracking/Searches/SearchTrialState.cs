namespace CatchUp.Tracking.Searches;

/// <summary>Where a trial of a search stands.</summary>
public enum SearchTrialState
{
    /// <summary>Proposed; its result is not known.</summary>
    Pending,

    /// <summary>It waits at a rung until others show whether it goes on.</summary>
    Waiting,

    Finished,

    /// <summary>Stopped at a rung.</summary>
    Pruned,

    Failed,
}
