namespace CatchUp.Tracking.Workers;

/// <summary>A worker process. Times are database time.</summary>
internal sealed class WorkerEntity
{
    public Guid Incarnation { get; set; }

    public required string Name { get; set; }

    public required string Version { get; set; }

    public long FirstSeen { get; set; }

    public long LastSeen { get; set; }
}
