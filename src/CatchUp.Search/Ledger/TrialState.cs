namespace CatchUp.Search.Ledger;

/// <summary>Where a trial stands.</summary>
public enum TrialState
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
