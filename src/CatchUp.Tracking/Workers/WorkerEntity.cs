using CatchUp.Contracts.Workers;

namespace CatchUp.Tracking.Workers;

/// <summary>A worker process. Times are database time.</summary>
internal sealed class WorkerEntity
{
    public Guid Incarnation { get; set; }

    public required string Name { get; set; }

    public required string Version { get; set; }

    /// <summary>Version of the contract that it speaks.</summary>
    public int Contract { get; set; }

    /// <summary>Fingerprint of the token it shows for artifacts; null: it is the server's own.</summary>
    public string? Token { get; set; }

    public WorkerStanding Standing { get; set; }

    /// <summary>Draining, it does not end its runs but gives them back at a checkpoint.</summary>
    public bool GivesBack { get; set; }

    public long FirstSeen { get; set; }

    public long LastSeen { get; set; }
}
