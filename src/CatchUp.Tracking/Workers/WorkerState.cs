namespace CatchUp.Tracking.Workers;

/// <summary>What a worker is at, in one word.</summary>
public enum WorkerState
{
    /// <summary>It has a free slot.</summary>
    Ready,

    /// <summary>All its slots are taken.</summary>
    Busy,

    /// <summary>It takes no more runs.</summary>
    Draining,

    /// <summary>It is not heard of.</summary>
    Lost,

    /// <summary>It speaks another version of the contract and was sent away.</summary>
    Refused,
}
