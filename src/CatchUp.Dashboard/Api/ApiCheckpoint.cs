using CatchUp.Contracts.Journal;
using CatchUp.Tracking.Runs;

namespace CatchUp.Dashboard.Api;

/// <summary>A file of weights; <paramref name="Url"/> is where to download it, null while it is not in the artifact store. A pinned one is kept whatever the retention policy says.</summary>
internal sealed record ApiCheckpoint(long Id, CheckpointKind Type, int Step, string Sha256, long Bytes, DateTimeOffset At, string? Url, bool Pinned)
{
    public static ApiCheckpoint From(long run, CheckpointSummary checkpoint) => new(
        checkpoint.Id, checkpoint.Type, checkpoint.Step, checkpoint.Sha256, checkpoint.Bytes, checkpoint.At, checkpoint.Stored ? $"/api/v1/runs/{run}/checkpoints/{checkpoint.Id}" : null, checkpoint.Pinned);
}
