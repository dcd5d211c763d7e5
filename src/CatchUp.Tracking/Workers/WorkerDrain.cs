using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;

namespace CatchUp.Tracking.Workers;

/// <summary>What draining a worker means for a run it has.</summary>
internal static class WorkerDrain
{
    /// <summary>Orders the running run to a checkpoint and back into the queue, unless something else was ordered before.</summary>
    /// <returns>Whether it was ordered.</returns>
    public static bool GiveBack(CatchUpContext context, RunEntity run, long now)
    {
        if (run.PendingOrder != OrderKind.Continue)
        {
            return false;
        }

        run.PendingOrder = OrderKind.Pause;
        run.AfterPause = RunState.Queued;
        run.AfterPauseCause = "Given back by its worker, which is drained.";
        run.UpdatedAt = now;
        RunHistory.Note(context, run, "Its worker is drained: it stops at a checkpoint and goes back into the queue.", now);
        return true;
    }
}
