using CatchUp.Contracts.Journal;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Queue;

/// <summary>How much of the attempt before has to be done again.</summary>
internal static class LostTime
{
    /// <summary>To be called when a run is given out again, with the checkpoint it goes on from: only now is it known what was kept.</summary>
    public static async Task RecordAsync(CatchUpContext context, RunEntity run, CheckpointEntity? from, CancellationToken cancellation)
    {
        var before = run.Attempt - 1;
        var last = await context.Attempts.AsTracking().FirstOrDefaultAsync(attempt => attempt.RunId == run.Id && attempt.Number == before, cancellation);
        if (last is { Outcome: AttemptOutcome.Lost or AttemptOutcome.Failed or AttemptOutcome.Cancelled, EndedAt: { } ended })
        {
            // The checkpoint's time is by the worker's clock, the others by ours: an error of it cannot make more of the time than there was.
            var kept = from is not null && from.Step > last.FromStep ? Math.Clamp(from.At, last.AssignedAt, Math.Max(last.AssignedAt, ended)) : last.AssignedAt;
            last.LostSeconds = TimeSpan.FromTicks(Math.Max(0, ended - kept)).TotalSeconds;
        }
    }
}
