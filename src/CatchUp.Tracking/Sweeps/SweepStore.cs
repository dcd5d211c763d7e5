using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Sweeps;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Sweeps;

/// <summary>Reads sweeps and takes commands for them. Submitting goes over the bus (<see cref="SubmitSweep"/>).</summary>
public sealed class SweepStore
{
    private readonly TrackingDatabase _database;
    private readonly TrackingNews _news;
    private readonly RunRemoval _removal;
    private readonly RunRetry _retry;
    private readonly TimeProvider _time;

    internal SweepStore(TrackingDatabase database, RunRemoval removal, RunRetry retry, TrackingNews news, TimeProvider time)
    {
        _database = database;
        _news = news;
        _removal = removal;
        _retry = retry;
        _time = time;
    }

    /// <summary>Sweeps, newest first.</summary>
    /// <param name="text">Part of the name, project or owner; case does not matter.</param>
    public Task<Page<SweepSummary>> ListAsync(string? text, bool archived, int offset, int limit, CancellationToken cancellation) =>
        _database.ReadAsync(context => SweepReading.ListAsync(context, text, archived, offset, limit, cancellation), cancellation);

    public Task<SweepDetails?> FindAsync(long sweep, CancellationToken cancellation) =>
        _database.ReadAsync(context => SweepReading.FindAsync(context, sweep, cancellation), cancellation);

    /// <summary>Hands out no more of its queued runs, and pauses those that are running.</summary>
    public Task<CommandOutcome> PauseAsync(long sweep, CancellationToken cancellation) =>
        CommandAsync(sweep, (context, entity, now) => SweepCommands.PauseAsync(context, entity, now, cancellation), cancellation);

    /// <summary>Queues its paused runs and hands out its queued runs again.</summary>
    public Task<CommandOutcome> ResumeAsync(long sweep, CancellationToken cancellation) =>
        CommandAsync(sweep, (context, entity, now) => SweepCommands.ResumeAsync(context, entity, now, cancellation), cancellation);

    /// <summary>Ends all of its runs that have not ended.</summary>
    public Task<CommandOutcome> CancelAsync(long sweep, CancellationToken cancellation) =>
        CommandAsync(sweep, (context, entity, now) => SweepCommands.CancelAsync(context, entity, now, cancellation), cancellation);

    /// <summary>Queues all of its failed runs once more: from their last safe checkpoints, or from zero, a transaction a run.</summary>
    public async Task<CommandOutcome> RetryFailedAsync(long sweep, bool fromZero, CancellationToken cancellation)
    {
        if (!fromZero)
        {
            return await CommandAsync(sweep, (context, entity, now) => SweepCommands.RetryFailedAsync(context, entity, now, cancellation), cancellation);
        }

        var failed = await _database.ReadAsync(
            async context => await context.Sweeps.AnyAsync(entity => entity.Id == sweep, cancellation)
                ? await context.Runs.Where(run => run.SweepId == sweep && run.State == RunState.Failed).OrderBy(run => run.Id).Select(run => run.Id).ToListAsync(cancellation)
                : null,
            cancellation);
        if (failed is null)
        {
            return new(CommandResult.NotFound, $"There is no sweep {sweep}.");
        }

        var outcomes = new List<CommandOutcome>();
        foreach (var run in failed)
        {
            outcomes.Add(await _retry.FromZeroAsync(run, cancellation));
        }

        var queued = outcomes.Count(outcome => outcome.Result == CommandResult.Accepted);
        var refused = outcomes.Find(outcome => outcome.Result == CommandResult.Refused);
        return failed.Count == 0 ? new(CommandResult.Accepted, "None of its runs has failed.")
            : new(queued > 0 ? CommandResult.Accepted : CommandResult.Refused, $"{queued:N0} of {failed.Count:N0} failed run{(failed.Count == 1 ? "" : "s")} queued again, from step 0.{(refused is null ? "" : $" {refused.Message}")}");
    }

    public Task<CommandOutcome> RenameAsync(long sweep, string name, CancellationToken cancellation)
    {
        var trimmed = (name ?? "").Trim();
        return trimmed.Length is 0 or > SweepFileSchema.LongestName || trimmed.Any(char.IsControl)
            ? Task.FromResult(new CommandOutcome(CommandResult.Refused, $"A sweep's name has 1 to {SweepFileSchema.LongestName} characters and no control characters."))
            : CommandAsync(
                sweep,
                (_, entity, _) =>
                {
                    entity.Name = trimmed;
                    return Task.FromResult(new SweepChange(new CommandOutcome(CommandResult.Accepted, $"The sweep is now called {trimmed}.")));
                },
                cancellation);
    }

    /// <summary>Gives it another schedule while it waits or runs. Refused with the first problem of <see cref="SweepScheduleChange.Check"/>.</summary>
    public Task<CommandOutcome> ChangeAsync(long sweep, SweepScheduleChange change, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(change);
        return change.Check(_time.GetUtcNow()) is [var problem, ..]
            ? Task.FromResult(new CommandOutcome(CommandResult.Refused, problem.Message))
            : CommandAsync(sweep, (context, entity, now) => SweepCommands.ChangeAsync(context, entity, change, now, cancellation), cancellation);
    }

    /// <summary>Moves the sweep and its runs out of the lists, or back.</summary>
    public Task<CommandOutcome> ArchiveAsync(long sweep, bool archived, CancellationToken cancellation) =>
        CommandAsync(sweep, (context, entity, now) => SweepCommands.ArchiveAsync(context, entity, archived, now, cancellation), cancellation);

    /// <summary>What <see cref="DeleteAsync"/> would free.</summary>
    public async Task<Deletion> PlanDeletionAsync(long sweep, CancellationToken cancellation)
    {
        var (begun, all) = await _database.ReadAsync(
            async context => (await BegunAsync(context, sweep, cancellation), await context.Runs.CountAsync(run => run.SweepId == sweep, cancellation)), cancellation);
        return await _removal.PlanAsync(begun, cancellation) with { Runs = all };
    }

    /// <summary>Deletes the sweep with all its runs, their rows, and the artifacts nothing else refers to. Refused while any of them runs.</summary>
    public async Task<(CommandOutcome Outcome, Deletion Freed)> DeleteAsync(long sweep, CancellationToken cancellation)
    {
        var freed = new Deletion(0, 0, 0, 0, 0);
        var refused = await CommandAsync(
            sweep,
            async (context, entity, _) =>
            {
                var running = await context.Runs.CountAsync(run => run.SweepId == sweep && run.State == RunState.Running, cancellation);

                // Paused, so that nothing begins to run while it goes.
                entity.Paused |= running == 0;
                return new SweepChange(running == 0
                    ? new(CommandResult.Accepted, "")
                    : new(CommandResult.Refused, $"{running:N0} of its runs {(running == 1 ? "is" : "are")} running. Cancel the sweep first, and delete it when they have stopped."));
            },
            cancellation);
        if (refused.Result != CommandResult.Accepted)
        {
            return (refused, freed);
        }

        // A transaction a run that has data: a large one must not keep every other writer waiting for all of them.
        foreach (var run in await _database.ReadAsync(context => BegunAsync(context, sweep, cancellation), cancellation))
        {
            if (await _removal.RemoveAsync(run, cancellation) is { } removed)
            {
                freed = RunRemoval.Sum(freed, removed.Freed);
            }
        }

        var rest = await _database.WriteAsync(
            async context =>
            {
                var rest = await context.Runs.CountAsync(run => run.SweepId == sweep, cancellation);
                await context.Sweeps.Where(entity => entity.Id == sweep).ExecuteDeleteAsync(cancellation);
                return rest;
            },
            cancellation);
        freed = freed with { Runs = freed.Runs + rest };
        await _news.SweepChangedAsync(sweep);
        return (new(CommandResult.Accepted, $"The sweep and its {freed.Runs:N0} run{(freed.Runs == 1 ? "" : "s")} are deleted."), freed);
    }

    /// <summary>Runs that were handed out at least once: only these have anything but their own row and history.</summary>
    private static Task<List<long>> BegunAsync(CatchUpContext context, long sweep, CancellationToken cancellation) =>
        context.Runs.Where(run => run.SweepId == sweep && run.Attempt > 0).OrderBy(run => run.Id).Select(run => run.Id).ToListAsync(cancellation);

    private async Task<CommandOutcome> CommandAsync(long sweep, Func<CatchUpContext, SweepEntity, long, Task<SweepChange>> command, CancellationToken cancellation)
    {
        var change = await _database.WriteAsync(
            async context =>
            {
                // Locked by hand-written SQL, because LINQ cannot say it; then read as it is now.
                await Sql.NumberAsync(context, "SELECT id FROM sweeps WHERE id = @sweep" + _database.Dialect.LockRow, cancellation, ("@sweep", sweep));
                var entity = await context.Sweeps.AsTracking().FirstOrDefaultAsync(candidate => candidate.Id == sweep, cancellation);
                return entity is null ? null : await command(context, entity, _time.GetUtcNow().UtcTicks);
            },
            cancellation);
        if (change is null)
        {
            return new(CommandResult.NotFound, $"There is no sweep {sweep}.");
        }

        if (change.Outcome.Result != CommandResult.Accepted)
        {
            return change.Outcome;
        }

        if (change.Queued > 0)
        {
            await _news.RunsQueuedAsync(change.Queued);
        }

        await _news.PublishAsync(change.Orders);
        await _news.SweepChangedAsync(sweep);
        return change.Outcome;
    }
}
