using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Sweeps;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Sweeps;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Queue;

/// <summary>
/// Keeps sweeps to their windows and deadlines. All it knows is in the database, so it may begin at any time, on several servers at once;
/// while it stands still the claim keeps to the openings by itself, and what runs goes on.
/// </summary>
internal sealed class ScheduleKeeper(TrackingDatabase database, TrackingNews news, TimeProvider time)
{
    private long _lastLook;

    /// <returns>How many runs were told to pause or cancelled.</returns>
    public async Task<int> LookAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var ticks = now.UtcTicks;
        var due = await database.ReadAsync(context => DueAsync(context, ticks, cancellation), cancellation);
        var touched = 0;
        foreach (var id in due)
        {
            var change = await database.WriteAsync(context => KeepAsync(context, id, now, cancellation), cancellation);
            if (change is null)
            {
                continue;
            }

            touched += change.Orders.Count + change.Ended;
            await news.PublishAsync(change.Orders);
            if (change.Orders.Count > 0 || change.Ended > 0)
            {
                await news.PublishAsync([new SweepChanged { SweepId = id }]);
            }
        }

        await TellOpenedAsync(ticks, cancellation);
        _lastLook = ticks;
        return touched;
    }

    /// <summary>Sweeps whose opening is over, that run outside their window, or whose deadline has passed with something left to do.</summary>
    private static async Task<List<long>> DueAsync(CatchUpContext context, long now, CancellationToken cancellation) => await Sql.ListAsync(
        context,
        """
        SELECT s.id FROM sweeps s
        WHERE (s.window IS NOT NULL AND (s.closes_at IS NULL OR s.closes_at <= @now)
            AND EXISTS (SELECT 1 FROM runs r WHERE r.sweep_id = s.id AND r.state IN ('Queued', 'Running')))
          OR (s.window IS NOT NULL AND (s.opens_at IS NULL OR s.opens_at > @now)
            AND EXISTS (SELECT 1 FROM runs r WHERE r.sweep_id = s.id AND r.state = 'Running' AND r.pending_order = 'Continue'))
          OR (s.deadline_at <= @now
            AND EXISTS (SELECT 1 FROM runs r WHERE r.sweep_id = s.id AND (r.state = 'Queued'
              OR (r.state = 'Running' AND (r.pending_order = 'Continue' OR r.after_pause = 'Queued')))))
        ORDER BY s.id
        """,
        row => row.GetInt64(0),
        cancellation,
        ("@now", now));

    private async Task<Change?> KeepAsync(CatchUpContext context, long id, DateTimeOffset now, CancellationToken cancellation)
    {
        await Sql.NumberAsync(context, "SELECT id FROM sweeps WHERE id = @sweep" + database.Dialect.LockRow, cancellation, ("@sweep", id));
        if (await context.Sweeps.AsTracking().FirstOrDefaultAsync(sweep => sweep.Id == id, cancellation) is not { } sweep)
        {
            return null;
        }

        if (sweep.DeadlineAt <= now.UtcTicks)
        {
            return await EndAsync(context, sweep, now, cancellation);
        }

        if (sweep.Window is null)
        {
            return null;
        }

        var closed = sweep.ClosesAt <= now.UtcTicks ? sweep.ClosesAt : null;
        var opening = ScheduleWindow.Parse(sweep.Window).At(now);
        (sweep.OpensAt, sweep.ClosesAt) = (opening?.Opens.UtcTicks, opening?.Closes.UtcTicks);
        if (opening?.Contains(now) == true)
        {
            return null;
        }

        var zone = opening?.Zone ?? TimeZoneInfo.Utc;
        var ended = closed is { } at ? $"Window closed at {ZonedTime.Words(new DateTimeOffset(at, TimeSpan.Zero), now, zone)}" : "Outside its window";
        var cause = opening is null ? $"{ended}; it opens on no day of the next two weeks." : $"{ended}; resumes {ZonedTime.Words(opening.Opens, now, zone)} {zone.Id}.";
        return new Change(await PauseAsync(context, id, RunState.Queued, cause, "pending_order = 'Continue'", now, cancellation), 0);
    }

    private static async Task<Change> EndAsync(CatchUpContext context, SweepEntity sweep, DateTimeOffset now, CancellationToken cancellation)
    {
        var deadline = sweep.Deadline ?? new DateTimeOffset(sweep.DeadlineAt!.Value, TimeSpan.Zero).ToString("u", System.Globalization.CultureInfo.InvariantCulture);
        var cancelled = await SweepCommands.MoveAsync(context, sweep.Id, RunState.Queued, RunState.Cancelled, $"The sweep's deadline, {deadline}, passed before it was done.", now.UtcTicks, cancellation);
        var orders = await PauseAsync(
            context, sweep.Id, RunState.Cancelled, $"The sweep's deadline, {deadline}, has passed. Its last checkpoint is kept.", "(pending_order = 'Continue' OR after_pause = 'Queued')", now, cancellation);
        return new Change(orders, cancelled);
    }

    /// <summary>Tells running runs to write a checkpoint and stop, and notes what becomes of them then.</summary>
    private static async Task<List<AttemptOrder>> PauseAsync(CatchUpContext context, long sweep, RunState after, string cause, string which, DateTimeOffset now, CancellationToken cancellation)
    {
        var affected = $"runs.sweep_id = @sweep AND runs.state = 'Running' AND {which}";
        (string, object?)[] parameters = [("@sweep", sweep)];
        var orders = await Sql.ListAsync(
            context,
            $"SELECT runs.id, attempts.number, attempts.incarnation FROM runs JOIN attempts ON attempts.run_id = runs.id AND attempts.live WHERE {affected} ORDER BY runs.id",
            row => new AttemptOrder { RunId = row.GetInt64(0), Attempt = row.GetInt32(1), Incarnation = row.GetGuid(2), Order = OrderKind.Pause },
            cancellation,
            parameters);
        await Sql.ExecuteAsync(
            context,
            $"INSERT INTO run_events (run_id, at, attempt, from_state, to_state, cause) SELECT runs.id, @now, runs.attempt, NULL, runs.state, @note FROM runs WHERE {affected} ORDER BY runs.id",
            cancellation,
            [.. parameters, ("@now", now.UtcTicks), ("@note", $"{cause} It writes a checkpoint first.")]);
        await Sql.ExecuteAsync(
            context,
            $"UPDATE runs SET pending_order = 'Pause', after_pause = @after, after_pause_cause = @cause, updated_at = @now WHERE {affected}",
            cancellation,
            [.. parameters, ("@after", after.ToString()), ("@cause", cause), ("@now", now.UtcTicks)]);
        return orders;
    }

    /// <summary>Wakes workers for windows that opened since the last look; they would also ask by themselves, a little later.</summary>
    private async Task TellOpenedAsync(long now, CancellationToken cancellation)
    {
        var waiting = await database.ReadAsync(
            context => Sql.NumberAsync(
                context,
                "SELECT COUNT(*) FROM runs r JOIN sweeps s ON s.id = r.sweep_id WHERE r.state = 'Queued' AND s.window IS NOT NULL AND s.opens_at > @last AND s.opens_at <= @now AND s.closes_at > @now",
                cancellation,
                ("@last", _lastLook), ("@now", now)),
            cancellation);
        if (waiting > 0)
        {
            await news.RunsQueuedAsync((int)waiting.Value);
        }
    }

    private sealed record Change(List<AttemptOrder> Orders, int Ended);
}
