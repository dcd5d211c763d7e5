using System.Globalization;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Reproductions;

/// <summary>Looks for what stands in the way of the same bits: in the run's own record, in its parent, and in the workers that are connected.</summary>
internal sealed class ReproductionOutlooks(CatchUpContext context, DatabaseDialect dialect, TrackingOptions options)
{
    public async Task<ReproductionOutlook> LookAsync(RunEntity run, CancellationToken cancellation)
    {
        if (await RefusalAsync(run, cancellation) is { } refusal)
        {
            return new ReproductionOutlook { Refusal = refusal };
        }

        var environment = RunSummaries.Texts(run.Environment);
        return new ReproductionOutlook { Notes = [.. Ends(run, environment), .. await DataAsync(run, environment, cancellation), .. await WorkersAsync(run, environment, cancellation)] };
    }

    /// <summary>The very snapshot that the run started from; null when it started from none, or has not started.</summary>
    public async Task<InitialReference?> InitialAsync(RunEntity run, CancellationToken cancellation)
    {
        var assignment = run.ParentRunId is null ? null : await context.Attempts.Where(attempt => attempt.RunId == run.Id).OrderByDescending(attempt => attempt.Number).Select(attempt => attempt.Assignment).FirstOrDefaultAsync(cancellation);
        return assignment is null ? null : Assignment.Read(assignment).Initial;
    }

    private async Task<string?> RefusalAsync(RunEntity run, CancellationToken cancellation)
    {
        if (run.Kind == RunKind.Evaluate)
        {
            return $"Run {run.Id} trains nothing: it evaluates run {run.ParentRunId}. Reproduce that run, or evaluate it again from its FID–NFE tab.";
        }

        if (run.ParentRunId is not { } parent)
        {
            return null;
        }

        if (!await context.Runs.AnyAsync(candidate => candidate.Id == parent, cancellation))
        {
            return $"Run {run.Id} started from run {parent}, which is deleted, and cannot be trained without its weights. Clone and edit it to start from another run.";
        }

        return await InitialAsync(run, cancellation) is { } initial
            && !await context.Checkpoints.AnyAsync(file => file.RunId == parent && file.Type == CheckpointKind.Snapshot && !file.Removed && file.Sha256 == initial.Sha256, cancellation)
            ? $"Run {run.Id} started from the snapshot of step {initial.Step.ToString("N0", CultureInfo.InvariantCulture)} of run {parent}, which is not stored any more. Clone and edit it to start from one that is."
            : null;
    }

    private static IEnumerable<string> Ends(RunEntity run, IReadOnlyDictionary<string, string> environment)
    {
        if (!RunHistory.IsEnd(run.State))
        {
            yield return $"Run {run.Id} is {run.State.ToString().ToLowerInvariant()} and has not ended. The comparison grows with both runs, and is final when both have ended.";
        }
        else if (run.State != RunState.Completed)
        {
            yield return $"Run {run.Id} is {run.State.ToString().ToLowerInvariant()} at step {run.Step:N0}. The reproduction trains to its end, step {run.Steps:N0}; what both have is compared.";
        }

        if (run.StartedAt is not null && !environment.ContainsKey("commit"))
        {
            yield return $"Run {run.Id} did not record the commit that its trainer was built from: whether the program is the same is not known.";
        }
    }

    private async Task<IReadOnlyList<string>> DataAsync(RunEntity run, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        if (run.StartedAt is null)
        {
            return [];
        }

        if (!environment.TryGetValue("dataset_sha256", out var sha256))
        {
            return [$"Run {run.Id} did not record the hash of {run.Dataset}: whether the data are the same is not known."];
        }

        // Nobody reads a data set for a look. What was seen last is the best guess at what is there now.
        var last = await context.Runs.Where(other => other.Dataset == run.Dataset && other.StartedAt != null && other.Environment != "{}").OrderByDescending(other => other.Id).Select(other => new { other.Id, other.Environment }).FirstOrDefaultAsync(cancellation);
        return last is not null && RunSummaries.Texts(last.Environment).GetValueOrDefault("dataset_sha256") is { } now && now != sha256
            ? [$"The data set {run.Dataset} has changed: run {run.Id} read {EnvironmentWords.Shortened(sha256)}, and run {last.Id}, the last one with it, {EnvironmentWords.Shortened(now)}."]
            : [];
    }

    private async Task<IReadOnlyList<string>> WorkersAsync(RunEntity run, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        if (environment.Count == 0)
        {
            return [];
        }

        var alive = await Sql.NowAsync(context, dialect, cancellation) - options.Lease.Ticks;
        var slots = (await context.Slots.Join(context.Workers.Where(worker => worker.LastSeen >= alive && worker.Standing == WorkerStanding.Accepted), slot => slot.Incarnation, worker => worker.Incarnation, (slot, _) => slot.Capabilities).ToListAsync(cancellation))
            .ConvertAll(offered => JsonSerializer.Deserialize<WorkerCapabilities>(offered, ContractJson.Options) ?? new());
        var requires = SweepRequirements.Read(await context.Sweeps.Where(sweep => sweep.Id == run.SweepId).Select(sweep => sweep.Requires).FirstOrDefaultAsync(cancellation));
        var fitting = slots.FindAll(slot => slot.Datasets.Contains(run.Dataset) && (run.Extractor is null || slot.Extractors.Count == 0 || slot.Extractors.Contains(run.Extractor)) && requires.Fits(slot));
        if (fitting.Count == 0)
        {
            return ["No worker that is connected now can make it. It waits for one, and what that one differs in is seen afterwards."];
        }

        return
        [
            .. Look("device", slot => slot.Device), .. Look("threads", slot => slot.Threads > 0 ? slot.Threads.ToString(CultureInfo.InvariantCulture) : null),
            .. Look("commit", slot => slot.Commit), .. Look(EnvironmentWords.Patch, slot => slot.PatchSha256, absentIsNone: environment.ContainsKey("commit")),
            .. Look("cpu", slot => slot.Device == "cpu" && slot.DeviceName.LastIndexOf(", ", StringComparison.Ordinal) is > 0 and var end ? slot.DeviceName[..end] : null),
        ];

        // A worker that does not tell is no reason to warn.
        IEnumerable<string> Look(string key, Func<WorkerCapabilities, string?> offered, bool absentIsNone = false)
        {
            var had = environment.GetValueOrDefault(key);
            var others = fitting.Select(offered).Where(value => value is not null || (absentIsNone && had is not null)).Where(value => value != had).Distinct().ToList();
            if (others.Count == 0 || (had is null && !absentIsNone))
            {
                yield break;
            }

            var values = string.Join(", ", others.Take(3).Select(value => value is null ? "none" : EnvironmentWords.Shortened(value)));
            yield return fitting.Exists(slot => offered(slot) == had)
                ? $"It may get another {EnvironmentWords.Label(key)}, depending on the worker that takes it: run {run.Id} had {(had is null ? "none" : EnvironmentWords.Shortened(had))}, and some offer {values}."
                : $"Other {EnvironmentWords.Label(key)}: run {run.Id} had {(had is null ? "none" : EnvironmentWords.Shortened(had))}, and connected workers have {values}.";
        }
    }
}
