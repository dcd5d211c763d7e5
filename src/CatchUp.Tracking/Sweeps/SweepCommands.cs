using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Runs;

namespace CatchUp.Tracking.Sweeps;

/// <summary>Commands for all runs of a sweep at once, in a few statements however many there are; each state change leaves its line in the run's history.</summary>
internal static class SweepCommands
{
    public static async Task<SweepChange> PauseAsync(CatchUpContext context, SweepEntity sweep, long now, CancellationToken cancellation)
    {
        sweep.Paused = true;
        var orders = await OrderAsync(context, sweep.Id, OrderKind.Pause, "Pausing was asked for, with the whole sweep.", now, cancellation);
        return new SweepChange(Accepted(orders.Count == 0
            ? "The sweep is paused: none of its queued runs is handed out."
            : $"The sweep is paused: none of its queued runs is handed out, and {Runs(orders.Count)} stop{(orders.Count == 1 ? "s" : "")} at a checkpoint.")) { Orders = orders };
    }

    public static async Task<SweepChange> ResumeAsync(CatchUpContext context, SweepEntity sweep, long now, CancellationToken cancellation)
    {
        sweep.Paused = false;
        sweep.SearchEnded &= !sweep.SearchStopped;
        sweep.SearchStopped = false;
        var queued = await MoveAsync(context, sweep.Id, RunState.Paused, RunState.Queued, "Resumed with the whole sweep.", now, cancellation);
        var waiting = await Sql.NumberAsync(context, "SELECT COUNT(*) FROM runs WHERE sweep_id = @sweep AND state = 'Queued'", cancellation, ("@sweep", sweep.Id)) ?? 0;

        // A trainer that was told to pause cannot be told otherwise: it may have done so already.
        var pausing = (int)(await Sql.NumberAsync(context, "SELECT COUNT(*) FROM runs WHERE sweep_id = @sweep AND state = 'Running' AND pending_order = 'Pause'", cancellation, ("@sweep", sweep.Id)) ?? 0);
        return new SweepChange(Accepted(
            (queued == 0 ? "The sweep goes on." : $"The sweep goes on: {Runs(queued)} {(queued == 1 ? "is" : "are")} queued again.")
            + (pausing == 0 ? "" : $" {Runs(pausing)} {(pausing == 1 ? "is" : "are")} still pausing: resume again when that is done."))) { Queued = (int)waiting };
    }

    public static async Task<SweepChange> RetryFailedAsync(CatchUpContext context, SweepEntity sweep, long now, CancellationToken cancellation)
    {
        var queued = await MoveAsync(context, sweep.Id, RunState.Failed, RunState.Queued, "Retried from its last checkpoint, with all failed runs of the sweep.", now, cancellation);
        return new SweepChange(Accepted(queued == 0
            ? "None of its runs has failed."
            : $"{Runs(queued)} {(queued == 1 ? "is" : "are")} queued again, each from its last checkpoint.{(sweep.Paused ? " The sweep is paused: resume it to have them handed out." : "")}")) { Queued = queued };
    }

    public static async Task<SweepChange> CancelAsync(CatchUpContext context, SweepEntity sweep, long now, CancellationToken cancellation)
    {
        // A search would put others in their place.
        var stopped = sweep is { Search: not null, SearchEnded: false, SearchStopped: false };
        sweep.SearchStopped |= stopped;
        var queued = await MoveAsync(context, sweep.Id, RunState.Queued, RunState.Cancelled, "Cancelled with the whole sweep, before it ran to the end.", now, cancellation);
        var paused = await MoveAsync(context, sweep.Id, RunState.Paused, RunState.Cancelled, "Cancelled with the whole sweep, while it was paused.", now, cancellation);
        var orders = await OrderAsync(context, sweep.Id, OrderKind.Cancel, "Cancelling was asked for, with the whole sweep.", now, cancellation);
        var cancelled = queued + paused;
        return new SweepChange(Accepted((cancelled, orders.Count) switch
        {
            (0, 0) when stopped => "No other trial is begun.",
            (0, 0) => "Nothing was left to cancel.",
            (_, 0) => $"{Runs(cancelled)} cancelled.",
            (0, _) => $"{Runs(orders.Count)} told to stop.",
            _ => $"{Runs(cancelled)} cancelled, {Runs(orders.Count)} told to stop.",
        })) { Orders = orders };
    }

    public static async Task<SweepChange> ArchiveAsync(CatchUpContext context, SweepEntity sweep, bool archived, long now, CancellationToken cancellation)
    {
        if (archived && await Sql.NumberAsync(context, "SELECT COUNT(*) FROM runs WHERE sweep_id = @sweep AND state IN ('Queued', 'Running')", cancellation, ("@sweep", sweep.Id)) is > 0 and var open)
        {
            return new SweepChange(new CommandOutcome(CommandResult.Refused, $"{Runs((int)open)} of it {(open == 1 ? "is" : "are")} still to be done. Cancel the sweep first, or wait for its end."));
        }

        sweep.Archived = archived;
        await Sql.ExecuteAsync(context, "UPDATE runs SET archived = @archived, updated_at = @now WHERE sweep_id = @sweep AND archived <> @archived", cancellation, ("@archived", archived), ("@now", now), ("@sweep", sweep.Id));
        return new SweepChange(Accepted(archived ? "The sweep and its runs are in the archive." : "The sweep and its runs are back from the archive."));
    }

    /// <summary>The change has been checked.</summary>
    public static async Task<SweepChange> ChangeAsync(CatchUpContext context, SweepEntity sweep, SweepScheduleChange change, long now, CancellationToken cancellation)
    {
        var said = new List<string>();
        if (change.Priority is { } priority)
        {
            sweep.Priority = priority;
            await Sql.ExecuteAsync(
                context, "UPDATE runs SET priority = @priority, updated_at = @now WHERE sweep_id = @sweep AND priority <> @priority AND state IN ('Queued', 'Running', 'Paused')", cancellation,
                ("@priority", priority), ("@now", now), ("@sweep", sweep.Id));
            said.Add($"priority {priority}");
        }

        if (change.MaxParallel is { } most)
        {
            sweep.MaxParallel = most.Value;
            said.Add(most.Value is { } number ? $"at most {number:N0} at a time" : "as many at a time as there are slots");
        }

        if (change.Window is { } setting)
        {
            var window = setting.Value is null ? null : ScheduleWindow.Parse(setting.Value);
            var opening = window?.At(new DateTimeOffset(now, TimeSpan.Zero));
            (sweep.Window, sweep.OpensAt, sweep.ClosesAt) = (window?.Text, opening?.Opens.UtcTicks, opening?.Closes.UtcTicks);
            said.Add(window is null ? "at any time of day" : $"in the window {window.Text}");
        }

        if (change.Deadline is { } until)
        {
            ScheduleDeadline? deadline = null;
            _ = until.Value is null ? null : ScheduleDeadline.TryParse(until.Value, out deadline);

            // With another deadline there may be something to try again.
            sweep.SearchEnded = false;
            (sweep.Deadline, sweep.DeadlineAt) = (deadline?.Text, deadline?.At.UtcTicks);
            said.Add(deadline is null ? "without a deadline" : $"until {deadline.Text}");
        }

        var waiting = await Sql.NumberAsync(context, "SELECT COUNT(*) FROM runs WHERE sweep_id = @sweep AND state = 'Queued'", cancellation, ("@sweep", sweep.Id)) ?? 0;
        return new SweepChange(Accepted(said.Count == 0 ? "Nothing was changed." : $"The sweep now runs {(change.Priority is null ? "" : "with ")}{string.Join(", ", said)}.")) { Queued = (int)waiting };
    }

    /// <summary>Moves runs from one state to another, with a line in each run's history.</summary>
    public static async Task<int> MoveAsync(CatchUpContext context, long sweep, RunState from, RunState to, string cause, long now, CancellationToken cancellation)
    {
        // What moved is told apart by its time: later than anything before, whatever the clock says.
        var earlier = await Sql.NumberAsync(context, "SELECT MAX(updated_at) FROM runs WHERE sweep_id = @sweep", cancellation, ("@sweep", sweep)) ?? 0;
        var at = Math.Max(now, earlier + 1);
        var moved = await Sql.ExecuteAsync(
            context,
            "UPDATE runs SET state = @to, lost_attempts = CASE WHEN @to = 'Queued' THEN 0 ELSE lost_attempts END, pending_order = 'Continue', cancel_at_checkpoint = FALSE, failure = NULL, cause = @cause, advice = NULL, ended_at = @ended, updated_at = @at WHERE sweep_id = @sweep AND state = @from",
            cancellation,
            ("@to", to.ToString()), ("@cause", cause), ("@ended", RunHistory.IsEnd(to) ? at : null), ("@at", at), ("@sweep", sweep), ("@from", from.ToString()));
        await Sql.ExecuteAsync(
            context,
            "INSERT INTO run_events (run_id, at, attempt, from_state, to_state, cause) SELECT id, updated_at, attempt, @from, state, @cause FROM runs WHERE sweep_id = @sweep AND state = @to AND updated_at = @at ORDER BY id",
            cancellation,
            ("@from", from.ToString()), ("@cause", cause), ("@sweep", sweep), ("@to", to.ToString()), ("@at", at));
        return moved;
    }

    /// <summary>Notes what running runs are to do; their workers learn of it with the next heartbeat, or at once by the nudges returned.</summary>
    private static async Task<List<AttemptOrder>> OrderAsync(CatchUpContext context, long sweep, OrderKind order, string note, long now, CancellationToken cancellation)
    {
        // Cancelling is never taken back: a trainer may have ended already.
        const string Affected = "runs.sweep_id = @sweep AND runs.state = 'Running' AND runs.pending_order <> @order AND runs.pending_order <> 'Cancel'";
        (string, object?)[] parameters = [("@sweep", sweep), ("@order", order.ToString())];
        var orders = await Sql.ListAsync(
            context,
            $"SELECT runs.id, attempts.number, attempts.incarnation FROM runs JOIN attempts ON attempts.run_id = runs.id AND attempts.live WHERE {Affected} ORDER BY runs.id",
            row => new AttemptOrder { RunId = row.GetInt64(0), Attempt = row.GetInt32(1), Incarnation = row.GetGuid(2), Order = order },
            cancellation,
            parameters);
        await Sql.ExecuteAsync(
            context,
            $"INSERT INTO run_events (run_id, at, attempt, from_state, to_state, cause) SELECT runs.id, @now, runs.attempt, NULL, runs.state, @note FROM runs WHERE {Affected} ORDER BY runs.id",
            cancellation,
            [.. parameters, ("@now", now), ("@note", note)]);
        await Sql.ExecuteAsync(context, $"UPDATE runs SET pending_order = @order, updated_at = @now WHERE {Affected}", cancellation, [.. parameters, ("@now", now)]);
        return orders;
    }

    private static CommandOutcome Accepted(string message) => new(CommandResult.Accepted, message);

    private static string Runs(int count) => count == 1 ? "1 run" : $"{count:N0} runs";
}
