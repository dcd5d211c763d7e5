using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Workers;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Runs;

/// <summary>Makes what lists show of runs: one query for all runs' sweeps, one for their best evaluations, one for the attempts of those that run.</summary>
internal static class RunSummaries
{
    /// <returns>A summary for each run, in the same order.</returns>
    public static async Task<IReadOnlyList<RunSummary>> FromAsync(CatchUpContext context, IReadOnlyList<RunEntity> runs, WaitingReasons? reasons, CancellationToken cancellation)
    {
        var sweepIds = runs.Select(run => run.SweepId).Distinct().ToList();
        var sweeps = await context.Sweeps.Where(sweep => sweepIds.Contains(sweep.Id)).Select(sweep => new { sweep.Id, sweep.Name, sweep.Owner }).ToDictionaryAsync(sweep => sweep.Id, cancellation);
        var ids = runs.Select(run => run.Id).ToList();
        var tags = (await context.RunTags.Where(tag => ids.Contains(tag.RunId)).ToListAsync(cancellation)).ToLookup(tag => tag.RunId, tag => tag.Tag);
        var bestIds = runs.Where(run => run.BestEvaluationId is not null).Select(run => run.BestEvaluationId!.Value).ToList();
        var best = bestIds.Count == 0 ? [] : await context.Evaluations.Where(e => bestIds.Contains(e.Id)).ToDictionaryAsync(e => e.Id, cancellation);
        var running = runs.Where(run => run.State == RunState.Running).Select(run => run.Id).ToList();
        var attempts = running.Count == 0 ? [] : await context.Attempts.Where(a => a.Live && running.Contains(a.RunId)).ToDictionaryAsync(a => a.RunId, cancellation);
        List<SlotEntity> slots = attempts.Count == 0 ? [] : await context.Slots.Where(slot => slot.RunId != null && running.Contains(slot.RunId.Value)).ToListAsync(cancellation);

        return [.. runs.Select(run =>
        {
            var attempt = attempts.GetValueOrDefault(run.Id);
            var slot = attempt is null ? null : slots.Find(s => s.Incarnation == attempt.Incarnation && s.Slot == attempt.Slot && s.RunId == run.Id && s.Attempt == attempt.Number);
            var speed = Speed(attempt);
            return new RunSummary
            {
                Id = run.Id,
                Name = run.Name,
                Project = run.Project,
                SweepId = run.SweepId,
                SweepName = sweeps.GetValueOrDefault(run.SweepId)?.Name,
                Owner = sweeps.GetValueOrDefault(run.SweepId)?.Owner,
                Kind = run.Kind,
                ParentRunId = run.ParentRunId,
                ReproducesRunId = run.ReproducesRunId,
                State = run.State,
                Order = run.CancelAtCheckpoint ? OrderKind.Cancel : run.PendingOrder,
                Attempt = run.Attempt,
                Step = run.Step,
                Steps = run.Steps,
                Seed = run.Seed,
                Trial = run.Trial,
                Replicate = run.Replicate,
                Parameters = Texts(run.Parameters),
                Cause = run.State == RunState.Queued && reasons is not null ? reasons.For(run) : run.Cause,
                Advice = run.Advice,
                Failure = run.Failure,
                CreatedAt = Time(run.CreatedAt),
                StartedAt = Time(run.StartedAt),
                EndedAt = Time(run.EndedAt),
                UpdatedAt = Time(run.UpdatedAt),
                PredictedStart = Time(run.PredictedStart),
                PredictedEnd = Time(run.PredictedEnd),
                PredictedAt = Time(run.PredictedAt),
                LastLoss = run.LastLoss,
                Best = run.BestEvaluationId is { } id && best.TryGetValue(id, out var evaluation) ? EvaluationStore.From(evaluation) : null,
                StepsPerSecond = speed,
                Remaining = speed is > 0 ? TimeSpan.FromSeconds(Math.Min(Math.Max(0, run.Steps - run.Step) / speed.Value, 1e9)) : null,
                Worker = attempt?.Worker,
                Phase = slot?.Phase,
                Archived = run.Archived,
                Tags = [.. tags[run.Id].Order(StringComparer.Ordinal)],
                Note = run.Note,
                Configuration = run.Configuration,
            };
        })];
    }

    public static IReadOnlyDictionary<string, string> Texts(string json) => JsonSerializer.Deserialize<Dictionary<string, string>>(json, ContractJson.Options) ?? [];

    public static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    public static DateTimeOffset? Time(long? ticks) => ticks is { } value ? Time(value) : null;

    /// <summary>Both times are the worker's, so that its clock's error cancels.</summary>
    private static double? Speed(AttemptEntity? attempt)
        => attempt is { StartedAt: { } started, ProgressAt: { } progress } && progress > started && attempt.LastStep > attempt.FromStep
            ? (attempt.LastStep - attempt.FromStep) / TimeSpan.FromTicks(progress - started).TotalSeconds
            : null;
}
