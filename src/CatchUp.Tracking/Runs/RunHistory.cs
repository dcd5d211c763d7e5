using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Alerts;
using CatchUp.Tracking.Database;

namespace CatchUp.Tracking.Runs;

/// <summary>The one place where a run's state changes, and where that is written down.</summary>
internal static class RunHistory
{
    public static void Move(CatchUpContext context, RunEntity run, RunState to, string cause, string? advice, long now, FailureKind? failure = null)
    {
        AlertEvents.Note(context, run, to, now);
        context.RunEvents.Add(new RunEventEntity { RunId = run.Id, At = now, Attempt = run.Attempt, FromState = run.State, ToState = to, Cause = cause });
        run.State = to;
        run.Cause = cause;
        run.Advice = advice;
        run.Failure = to == RunState.Failed ? failure ?? FailureKind.Other : null;
        run.PendingOrder = OrderKind.Continue;
        run.AfterPause = null;
        run.AfterPauseCause = null;
        run.CancelAtCheckpoint = false;
        run.EndedAt = IsEnd(to) ? now : null;
        run.UpdatedAt = now;
    }

    /// <summary>Something worth a line that changes no state.</summary>
    public static void Note(CatchUpContext context, RunEntity run, string text, long now)
        => context.RunEvents.Add(new RunEventEntity { RunId = run.Id, At = now, Attempt = run.Attempt, ToState = run.State, Cause = text });

    public static bool IsEnd(RunState state) => state is RunState.Completed or RunState.Pruned or RunState.Failed or RunState.Cancelled;
}
