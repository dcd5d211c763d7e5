using CatchUp.Tracking.Runs;

namespace CatchUp.Tracking.Queue;

/// <summary>A run that waits.</summary>
/// <param name="Position">From 1: the order in which free slots will take them.</param>
/// <param name="Reason">Why it waits: "Waits for a free slot.", "Waiting: needs a worker with data set cifar10; none has it.", "Its sweep runs at most 2 at a time."</param>
/// <param name="Prediction">When it is expected to begin and to end; null where nothing is predicted so far back.</param>
public sealed record QueueEntry(int Position, RunSummary Run, int Priority, string Reason, RunPrediction? Prediction);
