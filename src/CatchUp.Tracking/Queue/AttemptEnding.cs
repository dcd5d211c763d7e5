using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;

namespace CatchUp.Tracking.Queue;

/// <summary>What the end of an attempt means for its run.</summary>
internal static class AttemptEnding
{
    public static void Apply(CatchUpContext context, TrackingOptions options, RunEntity run, AttemptEntity attempt, AttemptEnded ended, long now)
    {
        var cause = string.IsNullOrWhiteSpace(ended.Cause) ? null : CleanText.Block(ended.Cause, 4000);
        var advice = string.IsNullOrWhiteSpace(ended.Advice) ? null : CleanText.Block(ended.Advice, 4000);
        attempt.Live = false;
        attempt.Outcome = ended.Outcome;
        attempt.Cause = cause;
        attempt.EndedAt = now;
        switch (ended.Outcome)
        {
            case AttemptOutcome.Completed:
                RunHistory.Move(context, run, RunState.Completed, cause ?? (run.Kind == RunKind.Evaluate ? $"Evaluated run {run.ParentRunId} at step {run.Step}." : $"Trained and evaluated {run.Steps} steps."), advice, now);
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
            case AttemptOutcome.Failed:
                RunHistory.Move(context, run, RunState.Failed, cause ?? "The trainer failed and did not say why.", advice ?? "The run's log may say more.", now);
                break;
            case AttemptOutcome.Lost:
                ApplyLoss(context, options, run, attempt, cause ?? "Its worker went away.", advice, ended.ExitCode, now);
                break;
            default:
                throw new InvalidOperationException($"Attempt {attempt.Number} of run {run.Id} ended with the unknown outcome {ended.Outcome}.");
        }
    }

    private static void ApplyLoss(CatchUpContext context, TrackingOptions options, RunEntity run, AttemptEntity attempt, string cause, string? advice, int? exitCode, long now)
    {
        // An attempt that never started says nothing about the run. One whose trainer died has started, even if it had no time to say so.
        if (attempt.StartedAt is not null || exitCode is not null)
        {
            run.LostAttempts++;
        }

        switch (run.PendingOrder)
        {
            case OrderKind.Cancel:
                RunHistory.Move(context, run, RunState.Cancelled, $"Cancelled. {cause}", null, now);
                break;
            case OrderKind.Pause when run.AfterPause is { } next:
                RunHistory.Move(context, run, next, $"{run.AfterPauseCause} {cause}", null, now);
                break;
            case OrderKind.Pause:
                RunHistory.Move(context, run, RunState.Paused, $"Paused. {cause}", "Resumed, it goes on from its last stored checkpoint.", now);
                break;
            case OrderKind.Continue or OrderKind.Abandon when run.LostAttempts <= options.MaximumLostAttempts:
                RunHistory.Move(context, run, RunState.Queued, $"Attempt {attempt.Number} was lost: {cause}", null, now);
                break;
            default:
                RunHistory.Move(
                    context, run, RunState.Failed, $"Attempt {attempt.Number} was lost: {cause} That was loss {run.LostAttempts} in a row without a new checkpoint.",
                    advice ?? "Something takes its trainers down again and again: look at the log's last lines and at the worker's memory. Resume tries again from the last checkpoint.", now);
                break;
        }
    }
}
