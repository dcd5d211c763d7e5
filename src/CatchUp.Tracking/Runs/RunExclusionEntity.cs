namespace CatchUp.Tracking.Runs;

/// <summary>A worker that a run is not given to any more.</summary>
internal sealed class RunExclusionEntity
{
    public long RunId { get; set; }

    /// <summary>The worker's name, which is the same after its restart.</summary>
    public required string Worker { get; set; }

    public required string Reason { get; set; }

    /// <summary>The attempt that ended so.</summary>
    public int Attempt { get; set; }

    public long At { get; set; }
}
