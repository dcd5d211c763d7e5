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

/// <summary>Says in words why queued runs wait, from one look at workers and sweeps.</summary>
internal sealed class WaitingReasons
{
    private readonly List<WorkerCapabilities> _slots = [];
    private readonly Dictionary<long, SweepFacts> _sweeps = [];
    private readonly Dictionary<long, (string Name, RunState State, IReadOnlyList<int> Snapshots)> _parents = [];
    private readonly Dictionary<string, HashSet<string>> _online = new(StringComparer.Ordinal);
    private ILookup<long, RunExclusionEntity> _exclusions = Array.Empty<RunExclusionEntity>().ToLookup(exclusion => exclusion.RunId);
    private int _workers;

    public static async Task<WaitingReasons> LookAsync(CatchUpContext context, DatabaseDialect dialect, TrackingOptions options, DateTimeOffset now, IReadOnlyCollection<RunEntity> runs, CancellationToken cancellation)
    {
        var reasons = new WaitingReasons();
        var alive = await Sql.NowAsync(context, dialect, cancellation) - options.Lease.Ticks;
        reasons._workers = await context.Workers.CountAsync(worker => worker.LastSeen >= alive, cancellation);
        var online = context.Workers.Where(worker => worker.LastSeen >= alive).Select(worker => worker.Incarnation);
        foreach (var (worker, capabilities) in (await context.Slots.Where(slot => online.Contains(slot.Incarnation))
            .Join(context.Workers, slot => slot.Incarnation, worker => worker.Incarnation, (slot, worker) => new { worker.Name, slot.Capabilities }).ToListAsync(cancellation)).Select(slot => (slot.Name, slot.Capabilities)))
        {
            var offered = JsonSerializer.Deserialize<WorkerCapabilities>(capabilities, ContractJson.Options) ?? new();
            reasons._slots.Add(offered);
            (reasons._online.TryGetValue(worker, out var has) ? has : reasons._online[worker] = new(StringComparer.Ordinal)).UnionWith(offered.Datasets);
        }

        var wanted = runs.Select(run => run.Id).ToList();
        reasons._exclusions = (await context.RunExclusions.Where(exclusion => wanted.Contains(exclusion.RunId)).OrderBy(exclusion => exclusion.At).ToListAsync(cancellation)).ToLookup(exclusion => exclusion.RunId);

        var parents = runs.Select(run => run.ParentRunId).OfType<long>().Distinct().ToList();
        if (parents.Count > 0)
        {
            var snapshots = (await context.Checkpoints.Where(c => parents.Contains(c.RunId) && c.Type == CheckpointKind.Snapshot && !c.Removed).Select(c => new { c.RunId, c.Step }).ToListAsync(cancellation))
                .ToLookup(snapshot => snapshot.RunId, snapshot => snapshot.Step);
            foreach (var parent in await context.Runs.Where(run => parents.Contains(run.Id)).Select(run => new { run.Id, run.Name, run.State }).ToListAsync(cancellation))
            {
                reasons._parents[parent.Id] = (parent.Name, parent.State, [.. snapshots[parent.Id]]);
            }
        }

        var ids = runs.Select(run => run.SweepId).Distinct().ToList();
        foreach (var sweep in await context.Sweeps
            .Where(s => ids.Contains(s.Id))
            .Select(s => new { s.Id, s.Paused, s.MaxParallel, s.Window, s.Deadline, s.DeadlineAt, s.Requires, Running = context.Runs.Count(r => r.SweepId == s.Id && r.State == RunState.Running) })
            .ToListAsync(cancellation))
        {
            reasons._sweeps[sweep.Id] = new SweepFacts(
                sweep.Paused, sweep.MaxParallel, sweep.Running, sweep.Window is null ? null : ScheduleWindow.Parse(sweep.Window).Wait(now),
                sweep.DeadlineAt <= now.UtcTicks ? sweep.Deadline : null, SweepRequirements.Read(sweep.Requires));
        }

        return reasons;
    }

    private string? ForParent(RunEntity run, long id)
    {
        if (!_parents.TryGetValue(id, out var parent))
        {
            return $"Waiting: run {id}, which it starts from, was deleted. Cancel this run.";
        }

        var named = $"run {id} (\"{parent.Name}\")";
        var step = run.InitialStep ?? JsonSerializer.Deserialize<RunSpecification>(run.Specification, ContractJson.Options)!.InitialRun.Step;
        var ready = step == 0 ? parent.Snapshots.Count > 0 : parent.Snapshots.Contains(step);
        var snapshot = step == 0 ? "snapshot" : $"snapshot of step {step}";
        return parent.State switch
        {
            RunState.Completed when ready => null,
            RunState.Completed => $"Waiting: {named}, which it starts from, has completed without a {snapshot}. Cancel this run.",
            _ when run.Kind == RunKind.Evaluate => ready ? null : $"Waiting: {named} has no {snapshot} to evaluate yet.",
            RunState.Failed or RunState.Cancelled or RunState.Pruned => $"Waiting: {named}, which it starts from, is {parent.State.ToString().ToLowerInvariant()}. Resume that run, or cancel this one.",
            _ => $"Waiting: starts from {named}, which has not completed.",
        };
    }

    /// <summary>When every worker that could make it is excluded from it.</summary>
    private string? ForExclusions(RunEntity run)
    {
        var excluded = _exclusions[run.Id].ToList();
        var able = _online.Where(worker => worker.Value.Contains(run.Dataset)).Select(worker => worker.Key).ToList();
        return excluded.Count == 0 || able.Count == 0 || able.Exists(name => !excluded.Exists(exclusion => exclusion.Worker == name))
            ? null
            : $"Waiting: every worker that could make it is excluded from it ({string.Join(", ", able.Order(StringComparer.Ordinal))}). The last reason: {excluded[^1].Reason} Lift the exclusions on the run's page, or cancel it.";
    }

    public string For(RunEntity run)
    {
        var sweep = _sweeps.GetValueOrDefault(run.SweepId) ?? new SweepFacts(false, null, 0, null, null, new SweepRequirements());
        return sweep switch
        {
            { Deadline: { } deadline } => $"Its sweep's deadline, {deadline}, has passed: it is about to be cancelled.",
            { Paused: true } => "Waiting: its sweep is paused.",
            _ when run.ParentRunId is { } parent && ForParent(run, parent) is { } reason => reason,
            { Window: { } opens } => $"Waits for its window, {opens}.",
            _ when _workers == 0 => "Waiting: no worker is online.",
            _ when ForSlots(run, sweep.Requires) is { } reason => $"Waiting: {reason}.",
            _ when ForExclusions(run) is { } reason => reason,
            { MaxParallel: { } most } when sweep.Running >= most => $"Waiting: its sweep runs at most {most} at a time.",
            _ => "Waiting for a free slot.",
        };
    }

    /// <summary>What no slot offers; null when a slot offers all of it.</summary>
    private string? ForSlots(RunEntity run, SweepRequirements requires)
    {
        if (_slots.Exists(slot => slot.Datasets.Contains(run.Dataset) && HasExtractor(slot, run) && requires.Fits(slot)))
        {
            return null;
        }

        return !_slots.Exists(slot => slot.Datasets.Contains(run.Dataset)) ? $"needs a worker with data set {run.Dataset}; none has it"
            : requires.Unmet(_slots) is { } demand ? demand
            : !_slots.Exists(slot => HasExtractor(slot, run)) ? $"needs a worker with feature extractor {run.Extractor}; none has it"
            : $"needs one worker with {string.Join(", ", new[] { $"data set {run.Dataset}", run.Extractor is null ? "" : $"feature extractor {run.Extractor}", requires.ToString() }.Where(part => part.Length > 0))}; no single one has all of it";
    }

    private static bool HasExtractor(WorkerCapabilities slot, RunEntity run) => run.Extractor is null || slot.Extractors.Count == 0 || slot.Extractors.Contains(run.Extractor);

    /// <param name="Window">When its window opens, in words; null while it is open.</param>
    /// <param name="Deadline">Null while it has not passed.</param>
    private sealed record SweepFacts(bool Paused, int? MaxParallel, int Running, string? Window, string? Deadline, SweepRequirements Requires);
}
