namespace CatchUp.Contracts.Workers;

/// <summary>What the server lets a worker do.</summary>
public enum WorkerStanding
{
    /// <summary>Ask for runs and make them.</summary>
    Accepted,

    /// <summary>End what it has, and ask for nothing more.</summary>
    Draining,

    /// <summary>Nothing any more: the process is to end.</summary>
    Removed,

    /// <summary>Nothing: it speaks another version of the contract. The process is to end.</summary>
    Refused,
}
