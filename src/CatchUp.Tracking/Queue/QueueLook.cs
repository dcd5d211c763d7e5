namespace CatchUp.Tracking.Queue;

/// <summary>The queue at one moment.</summary>
/// <param name="Waiting">A stretch of what waits, in the order it will be taken.</param>
/// <param name="Running">When each running run is expected to end.</param>
public sealed record QueueLook(Page<QueueEntry> Waiting, IReadOnlyDictionary<long, RunPrediction> Running);
