using System.Globalization;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Queue;

/// <summary>What the end of an attempt means for its run: done, failed, or tried again.</summary>
internal sealed class AttemptEnding(CatchUpContext context, DatabaseDialect dialect, TrackingOptions options, RunEntity run, AttemptEntity attempt, AttemptEnded ended, long now)
{
    private readonly string? cause = string.IsNullOrWhiteSpace(ended.Cause) ? null : CleanText.Block(ended.Cause, 4000);
    private readonly string? advice = string.IsNullOrWhiteSpace(ended.Advice) ? null : CleanText.Block(ended.Advice, 4000);

    /// <summary>A search stops it: whatever its attempt came to, it was not cancelled by anyone.</summary>
    private bool IsPruned => run is { PendingOrder: OrderKind.Cancel, AfterPause: RunState.Pruned };

    public async Task ApplyAsync(CancellationToken cancellation)
    {
        attempt.Live = false;
        attempt.Outcome = ended.Outcome;
        attempt.Cause = cause;
        attempt.EndedAt = now;
        switch (ended.Outcome)
        {
            case AttemptOutcome.Completed:
                RunHistory.Move(context, run, RunState.Completed, cause ?? (run.Kind == RunKind.Evaluate ? $"Evaluated run {run.ParentRunId} at step {run.Step}." : $"Trained and evaluated {run.Steps} steps."), advice, now);
                break;
            case AttemptOutcome.Paused or AttemptOutcome.Cancelled when IsPruned:
                RunHistory.Move(context, run, RunState.Pruned, run.AfterPauseCause ?? $"Stopped early at step {run.Step}.", null, now);
                break;
            case AttemptOutcome.Paused when run.CancelAtCheckpoint:
                RunHistory.Move(context, run, RunState.Cancelled, $"Cancelled at step {run.Step}, with a checkpoint.", null, now);
                break;
            case AttemptOutcome.Paused when run.PendingOrder == OrderKind.Cancel:
            case AttemptOutcome.Cancelled:
                RunHistory.Move(context, run, RunState.Cancelled, cause ?? $"Cancelled at step {run.Step}.", advice, now);
                break;
            case AttemptOutcome.Paused when run.AfterPause is { } next:
                RunHistory.Move(context, run, next, run.AfterPauseCause ?? $"Paused at step {run.Step}.", advice, now);
                break;
            case AttemptOutcome.Paused:
                RunHistory.Move(context, run, RunState.Paused, cause ?? $"Paused at step {run.Step}.", advice, now);
                break;
            case AttemptOutcome.Failed or AttemptOutcome.Lost:
                await ApplyTroubleAsync(cancellation);
                break;
            default:
                throw new InvalidOperationException($"Attempt {attempt.Number} of run {run.Id} ended with the unknown outcome {ended.Outcome}.");
        }
    }

    private async Task ApplyTroubleAsync(CancellationToken cancellation)
    {
        var restarts = await context.Sweeps.AsNoTracking().Where(sweep => sweep.Id == run.SweepId).Select(sweep => sweep.Restarts).FirstOrDefaultAsync(cancellation);
        var policy = RestartPolicy.Parse(restarts);
        if (await policy.MatchAsync(context, attempt, cause, cancellation) is var (rule, line))
        {
            var said = $"The log says \"{line}\", which the sweep's rule \"{rule.Match}\" is about.";
            switch (rule.Action)
            {
                case LogAction.Fail:
                    Fail($"{said} {cause}".TrimEnd(), advice ?? "The rule is in schedule.restarts.onLog of the sweep file. Mend what the line says, then retry the run.", FailureKind.Rule);
                    break;
                case LogAction.ExcludeWorker:
                    await ExcludeAsync(said, cancellation);
                    TryAgain(policy, $"{said} It is not given to {attempt.Worker} again.", FailureKind.Rule);
                    break;
                default:
                    TryAgain(policy, said, FailureKind.Rule);
                    break;
            }
        }
        else if (ended.Outcome == AttemptOutcome.Lost)
        {
            TryAgain(policy, cause ?? "Its worker went away.", ended.Failure ?? FailureKind.Lost);
        }
        else if (ended.Failure == FailureKind.DiskFull && await AnotherWorkerAsync(cancellation))
        {
            await ExcludeAsync(cause ?? "Its disk was full.", cancellation);
            TryAgain(policy, $"{cause ?? $"The disk of {attempt.Worker} was full."} It is tried again on another worker.", FailureKind.DiskFull);
        }
        else
        {
            var kind = ended.Failure ?? FailureKind.Other;
            Fail(cause ?? "The trainer failed and did not say why.", advice ?? FailureAdvice.For(kind), kind);
        }
    }

    private void Fail(string why, string what, FailureKind kind)
    {
        if (IsPruned)
        {
            RunHistory.Move(context, run, RunState.Pruned, $"{run.AfterPauseCause} {why}", null, now);
        }
        else if (run.PendingOrder == OrderKind.Cancel || run.CancelAtCheckpoint)
        {
            RunHistory.Move(context, run, RunState.Cancelled, $"Cancelled. {why}", null, now);
        }
        else
        {
            RunHistory.Move(context, run, RunState.Failed, why, what, now, kind);
        }
    }

    private void TryAgain(RestartPolicy policy, string why, FailureKind kind)
    {
        // An attempt that never started says nothing about the run. One whose trainer died has started, even if it had no time to say so.
        if (attempt.StartedAt is not null || ended.ExitCode is not null || ended.Outcome == AttemptOutcome.Failed)
        {
            run.LostAttempts++;
        }

        switch (run.PendingOrder)
        {
            case OrderKind.Cancel when IsPruned:
                RunHistory.Move(context, run, RunState.Pruned, run.AfterPauseCause ?? why, null, now);
                break;
            case OrderKind.Cancel:
            case OrderKind.Pause when run.CancelAtCheckpoint:
                RunHistory.Move(context, run, RunState.Cancelled, $"Cancelled. {why}", null, now);
                break;
            case OrderKind.Pause when run.AfterPause is { } next:
                RunHistory.Move(context, run, next, $"{run.AfterPauseCause} {cause}", null, now);
                break;
            case OrderKind.Pause:
                RunHistory.Move(context, run, RunState.Paused, $"Paused. {why}", "Resumed, it goes on from its last stored checkpoint.", now);
                break;
            case OrderKind.Continue or OrderKind.Abandon when run.LostAttempts <= (policy.Lost ?? options.MaximumLostAttempts):
                RunHistory.Move(context, run, RunState.Queued, $"Attempt {attempt.Number} was lost: {why}", null, now);
                break;
            default:
                RunHistory.Move(
                    context, run, RunState.Failed, string.Create(CultureInfo.InvariantCulture, $"Attempt {attempt.Number} was lost: {why} That was loss {run.LostAttempts} in a row without a new checkpoint."),
                    advice ?? FailureAdvice.For(kind), now, kind);
                break;
        }
    }

    private async Task ExcludeAsync(string reason, CancellationToken cancellation)
    {
        if (!await context.RunExclusions.AnyAsync(exclusion => exclusion.RunId == run.Id && exclusion.Worker == attempt.Worker, cancellation))
        {
            context.RunExclusions.Add(new RunExclusionEntity { RunId = run.Id, Worker = attempt.Worker, Reason = CleanText.Block(reason, 1000), Attempt = attempt.Number, At = now });
            RunHistory.Note(context, run, $"Not given to {attempt.Worker} again.", now);
        }
    }

    /// <summary>Whether some other worker that is online has the run's data set and is not excluded.</summary>
    private async Task<bool> AnotherWorkerAsync(CancellationToken cancellation)
    {
        var alive = await Sql.NowAsync(context, dialect, cancellation) - options.Lease.Ticks;
        var excluded = context.RunExclusions.Where(exclusion => exclusion.RunId == run.Id).Select(exclusion => exclusion.Worker);
        var others = context.Workers.Where(worker => worker.LastSeen >= alive && worker.Name != attempt.Worker && !excluded.Contains(worker.Name)).Select(worker => worker.Incarnation);
        var offered = await context.Slots.AsNoTracking().Where(slot => others.Contains(slot.Incarnation)).Select(slot => slot.Capabilities).ToListAsync(cancellation);
        return offered.Exists(capabilities => JsonSerializer.Deserialize<WorkerCapabilities>(capabilities, ContractJson.Options)?.Datasets.Contains(run.Dataset) == true);
    }
}
