using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Queue;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Runs;

/// <summary>Gives runs that ended badly another chance.</summary>
internal sealed class RunRetry(TrackingDatabase database, ArtifactDirectory artifacts, TrackingNews news, TimeProvider time)
{
    /// <summary>Queues a run as if it had never begun: its points, samples, evaluations and weights go in the same transaction.</summary>
    public async Task<CommandOutcome> FromZeroAsync(long id, CancellationToken cancellation)
    {
        var (outcome, released, sweep) = await database.WriteAsync(context => FromZeroAsync(context, id, cancellation), cancellation);
        if (outcome.Result == CommandResult.Accepted)
        {
            await ReleasedArtifacts.DeleteAsync(database, artifacts, released, cancellation);
            await news.RunStateChangedAsync(id, sweep);
            await news.RunDataArrivedAsync(id, sweep);
            await news.RunsQueuedAsync(1);
        }

        return outcome;
    }

    public async Task<CommandOutcome> LiftExclusionsAsync(long id, CancellationToken cancellation)
    {
        var (outcome, sweep) = await database.WriteAsync(
            async context =>
            {
                if (await database.LockRunAsync(context, id, cancellation) is not { } run)
                {
                    return (new CommandOutcome(CommandResult.NotFound, $"There is no run {id}."), 0L);
                }

                var lifted = await context.RunExclusions.Where(exclusion => exclusion.RunId == id).ExecuteDeleteAsync(cancellation);
                if (lifted > 0)
                {
                    RunHistory.Note(context, run, "Every worker may be given it again.", time.GetUtcNow().UtcTicks);
                }

                return (new CommandOutcome(CommandResult.Accepted, lifted == 0 ? "No worker was excluded from it." : "Every worker may be given it again."), run.SweepId);
            },
            cancellation);
        if (outcome.Result == CommandResult.Accepted)
        {
            await news.RunStateChangedAsync(id, sweep);
            await news.RunsQueuedAsync(1);
        }

        return outcome;
    }

    private async Task<(CommandOutcome Outcome, IReadOnlyList<string> Released, long Sweep)> FromZeroAsync(CatchUpContext context, long id, CancellationToken cancellation)
    {
        if (await database.LockRunAsync(context, id, cancellation) is not { } run)
        {
            return (new CommandOutcome(CommandResult.NotFound, $"There is no run {id}."), [], 0);
        }

        var (now, step) = (time.GetUtcNow().UtcTicks, run.Step);
        var outcome = RunCommands.Retry(context, run, now);
        if (outcome.Result != CommandResult.Accepted)
        {
            return (outcome, [], 0);
        }

        if (await context.Runs.Where(child => child.ParentRunId == id && child.State == RunState.Running).Select(child => child.Name).FirstOrDefaultAsync(cancellation) is { } child)
        {
            context.ChangeTracker.Clear();
            return (new CommandOutcome(CommandResult.Refused, $"\"{child}\" is running and uses its weights. Wait for its end or cancel it, then retry from zero; or retry from the last checkpoint."), [], 0);
        }

        if (run.Kind == RunKind.Evaluate)
        {
            return (new CommandOutcome(CommandResult.Accepted, "Back in the queue. What it has stored with the run it evaluates stays."), [], run.SweepId);
        }

        var released = await Rewind.ToZeroAsync(context, database.Dialect, run, cancellation);
        RunHistory.Note(context, run, $"rewound {step} → 0: retried from zero, without its points, samples, evaluations and checkpoints", now);
        return (new CommandOutcome(CommandResult.Accepted, "Back in the queue; it begins again at step 0."), released, run.SweepId);
    }
}
