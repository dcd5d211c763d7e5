using CatchUp.Contracts.Runs;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;

namespace CatchUp.Tracking.Alerts;

/// <summary>Notes what may be worth a message.</summary>
internal static class AlertEvents
{
    /// <summary>Called for every change of a run's state, in its transaction. Who cancels or pauses a run knows it, and is told nothing.</summary>
    public static void Note(CatchUpContext context, RunEntity run, RunState to, long now)
    {
        if (to is RunState.Failed or RunState.Completed or RunState.Pruned)
        {
            context.AlertEvents.Add(new AlertEventEntity { RunId = run.Id, SweepId = run.SweepId, Attempt = run.Attempt, State = to, At = now });
        }
    }
}
