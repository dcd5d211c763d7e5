using CatchUp.Tracking.Queue;

namespace CatchUp.Dashboard.Api;

/// <summary>A run that waits: its place from 1, why it waits, and when it is expected to begin and end (null: unknown).</summary>
internal sealed record ApiQueueEntry(
    int Position, long RunId, string RunName, long? SweepId, string? SweepName, int Priority, string Reason, DateTimeOffset? PredictedStart, DateTimeOffset? PredictedEnd, PredictionBasis Basis)
{
    public static ApiQueueEntry From(QueueEntry entry) => new(
        entry.Position, entry.Run.Id, entry.Run.Name, entry.Run.SweepId, entry.Run.SweepName, entry.Priority, entry.Reason, entry.Prediction?.Start, entry.Prediction?.End, entry.Prediction?.Basis ?? PredictionBasis.None);
}
