using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Queue;

/// <summary>Ends attempts whose lease has run out. When it may do so is <see cref="LeaseReaperService"/>'s business.</summary>
internal sealed class LeaseReaper(TrackingDatabase database, TrackingNews news, TrackingOptions options, TimeProvider time)
{
    /// <returns>How many attempts were ended.</returns>
    public async Task<int> ReapAsync(CancellationToken cancellation)
    {
        await ShortenAsync(cancellation);
        var now = database.Dialect.Now;
        var expired = await database.ReadAsync(
            context => Sql.ListAsync(
                context, $"SELECT run_id, number FROM attempts WHERE live AND lease_expires_at < {now} ORDER BY lease_expires_at LIMIT 1000", row => (Run: row.GetInt64(0), Number: row.GetInt32(1)), cancellation),
            cancellation);
        var reaped = 0;
        foreach (var (run, number) in expired)
        {
            if (await database.WriteAsync(context => ReapAsync(context, run, number, cancellation), cancellation) is { } ended)
            {
                reaped++;
                await news.RunStateChangedAsync(ended.Id, ended.SweepId);
                if (ended.State == RunState.Queued)
                {
                    await news.RunsQueuedAsync(1);
                }
            }
        }

        if (reaped > 0)
        {
            await news.WorkersChangedAsync(Guid.Empty);
        }

        return reaped;
    }

    /// <summary>A lease that runs a minute longer than any was given in a time that is no more: the database's clock was set back. Nobody would miss its worker before that time comes again.</summary>
    private async Task ShortenAsync(CancellationToken cancellation)
    {
        var beyond = $"live AND lease_expires_at > {database.Dialect.Now} + @longest";
        (string, object?)[] parameters = [("@longest", Math.Max(0, options.Lease.Ticks) + TimeSpan.TicksPerMinute)];
        if (await database.ReadAsync(context => Sql.NumberAsync(context, $"SELECT 1 FROM attempts WHERE {beyond} LIMIT 1", cancellation, parameters), cancellation) is not null)
        {
            await database.WriteAsync(
                context => Sql.ExecuteAsync(context, $"UPDATE attempts SET lease_expires_at = {database.Dialect.Now} + @lease WHERE {beyond}", cancellation, [.. parameters, ("@lease", options.Lease.Ticks)]), cancellation);
        }
    }

    private async Task<RunEntity?> ReapAsync(CatchUpContext context, long runId, int number, CancellationToken cancellation)
    {
        // The condition is looked at again where it counts: a heartbeat or another server may have been faster.
        var taken = await Sql.ExecuteAsync(
            context, $"UPDATE attempts SET live = FALSE WHERE run_id = @run AND number = @number AND live AND lease_expires_at < {database.Dialect.Now}", cancellation, ("@run", runId), ("@number", number));
        if (taken == 0 || await database.LockRunAsync(context, runId, cancellation) is not { } run)
        {
            return null;
        }

        var attempt = await context.Attempts.AsTracking().FirstAsync(a => a.RunId == runId && a.Number == number, cancellation);
        var ended = new AttemptEnded { Outcome = AttemptOutcome.Lost, Step = run.Step, Cause = $"Nothing was heard of it from {attempt.Worker} for {options.Lease.TotalSeconds:0.#} s." };
        await new AttemptEnding(context, database.Dialect, options, run, attempt, ended, time.GetUtcNow().UtcTicks).ApplyAsync(cancellation);
        return run;
    }
}
