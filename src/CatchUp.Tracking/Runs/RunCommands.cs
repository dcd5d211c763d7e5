using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;

namespace CatchUp.Tracking.Runs;

/// <summary>What a command means in each state. The run is locked; whoever calls saves, and nudges the worker when an order is pending.</summary>
internal static class RunCommands
{
    public static CommandOutcome Pause(CatchUpContext context, RunEntity run, long now)
    {
        switch (run.State)
        {
            case RunState.Queued:
                RunHistory.Move(context, run, RunState.Paused, "Paused while it waited.", null, now);
                return Accepted("Paused.");
            case RunState.Running when run.PendingOrder == OrderKind.Cancel:
                return Refused("It is being cancelled and cannot be paused any more.");
            case RunState.Running when run.CancelAtCheckpoint:
                return Refused("It is being cancelled and cannot be paused any more.");
            case RunState.Running when run.PendingOrder == OrderKind.Pause:
                // Also where a closing window paused it: asked for by hand, it stays paused.
                run.AfterPause = null;
                return Accepted("It is pausing already: it writes a checkpoint first.");
            case RunState.Running:
                Order(context, run, OrderKind.Pause, "Pause was asked for.", now);
                return Accepted("It pauses as soon as a checkpoint is written.");
            case RunState.Paused:
                return Accepted("It is paused already.");
            default:
                return Refused($"It is {Word(run.State)} and cannot be paused.");
        }
    }

    public static CommandOutcome Resume(CatchUpContext context, RunEntity run, long now)
    {
        switch (run.State)
        {
            case RunState.Paused:
                run.LostAttempts = 0;
                RunHistory.Move(context, run, RunState.Queued, "Resumed.", null, now);
                return Accepted("Back in the queue; it goes on from its last checkpoint.");
            case RunState.Failed or RunState.Cancelled or RunState.Pruned:
                run.LostAttempts = 0;
                RunHistory.Move(context, run, RunState.Queued, "Tried again on request.", null, now);
                return Accepted("Back in the queue; it tries again from its last checkpoint.");
            case RunState.Running when run.CancelAtCheckpoint:
                return Refused("It is being cancelled. Resume it when that is done.");
            case RunState.Running when run.PendingOrder == OrderKind.Pause:
                return Refused("It is still pausing. Resume it when it has paused.");
            case RunState.Running when run.PendingOrder == OrderKind.Cancel:
                return Refused("It is being cancelled. Resume it when that is done.");
            case RunState.Running:
                return Accepted("It is running already.");
            case RunState.Queued:
                return Accepted("It is in the queue already.");
            default:
                return Refused($"It is {Word(run.State)}; there is nothing to go on with.");
        }
    }

    /// <summary>Queues a run that ended badly once more, for whoever looked into it; what is beyond its last safe checkpoint goes when it is given out.</summary>
    public static CommandOutcome Retry(CatchUpContext context, RunEntity run, long now)
    {
        if (run.State is not (RunState.Failed or RunState.Cancelled or RunState.Pruned))
        {
            return Refused($"It is {Word(run.State)}: only a run that failed, was cancelled or was stopped early can be retried.");
        }

        run.LostAttempts = 0;
        RunHistory.Move(context, run, RunState.Queued, "Retried from its last checkpoint.", null, now);
        return Accepted("Back in the queue; it goes on from its last checkpoint.");
    }

    /// <summary>Like <see cref="Cancel"/>, but a running run writes a checkpoint first.</summary>
    public static CommandOutcome CancelAtCheckpoint(CatchUpContext context, RunEntity run, long now)
    {
        if (run.State != RunState.Running || run.PendingOrder == OrderKind.Cancel)
        {
            return Cancel(context, run, now);
        }

        if (run.CancelAtCheckpoint)
        {
            return Accepted("It is being cancelled already.");
        }

        // To its trainer this is a pause; what follows is decided here, when the checkpoint is stored.
        run.CancelAtCheckpoint = true;
        Order(context, run, OrderKind.Pause, "Cancelling with a checkpoint was asked for.", now);
        return Accepted("It stops as soon as a checkpoint is written.");
    }

    public static CommandOutcome Cancel(CatchUpContext context, RunEntity run, long now)
    {
        switch (run.State)
        {
            case RunState.Queued:
                RunHistory.Move(context, run, RunState.Cancelled, "Cancelled while it waited.", null, now);
                return Accepted("Cancelled.");
            case RunState.Paused:
                RunHistory.Move(context, run, RunState.Cancelled, "Cancelled while it was paused.", null, now);
                return Accepted("Cancelled.");
            case RunState.Running when run.PendingOrder == OrderKind.Cancel:
                return Accepted("It is being cancelled already.");
            case RunState.Running:
                Order(context, run, OrderKind.Cancel, "Cancelling was asked for.", now);
                return Accepted("It stops after the step it is in.");
            case RunState.Cancelled:
                return Accepted("It is cancelled already.");
            default:
                return Refused($"It is {Word(run.State)}; there is nothing to cancel.");
        }
    }

    private static void Order(CatchUpContext context, RunEntity run, OrderKind order, string text, long now)
    {
        run.PendingOrder = order;
        run.AfterPause = null;
        run.UpdatedAt = now;
        RunHistory.Note(context, run, text, now);
    }

    private static CommandOutcome Accepted(string message) => new(CommandResult.Accepted, message);

    private static CommandOutcome Refused(string message) => new(CommandResult.Refused, message);

    private static string Word(RunState state) => state switch
    {
        RunState.Completed => "completed",
        RunState.Pruned => "stopped early",
        RunState.Failed => "failed",
        RunState.Cancelled => "cancelled",
        RunState.Paused => "paused",
        RunState.Running => "running",
        _ => "queued",
    };
}
