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
    private readonly HashSet<string> _datasets = new(StringComparer.Ordinal);
    private readonly Dictionary<long, (bool Paused, int? MaxParallel, int Running)> _sweeps = [];
    private readonly Dictionary<long, (string Name, RunState State, IReadOnlyList<int> Snapshots)> _parents = [];
    private readonly Dictionary<string, HashSet<string>> _online = new(StringComparer.Ordinal);
    private ILookup<long, RunExclusionEntity> _exclusions = Array.Empty<RunExclusionEntity>().ToLookup(exclusion => exclusion.RunId);
    private int _workers;

    public static async Task<WaitingReasons> LookAsync(CatchUpContext context, DatabaseDialect dialect, TrackingOptions options, IReadOnlyCollection<RunEntity> runs, CancellationToken cancellation)
    {
        var reasons = new WaitingReasons();
        var alive = await Sql.NowAsync(context, dialect, cancellation) - options.Lease.Ticks;
        reasons._workers = await context.Workers.CountAsync(worker => worker.LastSeen >= alive, cancellation);
        var online = context.Workers.Where(worker => worker.LastSeen >= alive).Select(worker => worker.Incarnation);
        foreach (var (worker, capabilities) in (await context.Slots.Where(slot => online.Contains(slot.Incarnation))
            .Join(context.Workers, slot => slot.Incarnation, worker => worker.Incarnation, (slot, worker) => new { worker.Name, slot.Capabilities }).ToListAsync(cancellation)).Select(slot => (slot.Name, slot.Capabilities)))
        {
            var datasets = JsonSerializer.Deserialize<WorkerCapabilities>(capabilities, ContractJson.Options)?.Datasets ?? [];
            reasons._datasets.UnionWith(datasets);
            (reasons._online.TryGetValue(worker, out var has) ? has : reasons._online[worker] = new(StringComparer.Ordinal)).UnionWith(datasets);
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
            .Select(s => new { s.Id, s.Paused, s.MaxParallel, Running = context.Runs.Count(r => r.SweepId == s.Id && r.State == RunState.Running) })
            .ToListAsync(cancellation))
        {
            reasons._sweeps[sweep.Id] = (sweep.Paused, sweep.MaxParallel, sweep.Running);
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
        var step = JsonSerializer.Deserialize<RunSpecification>(run.Specification, ContractJson.Options)!.InitialRun.Step;
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
        var sweep = _sweeps.GetValueOrDefault(run.SweepId);
        return sweep switch
        {
            { Paused: true } => "Waiting: its sweep is paused.",
            _ when run.ParentRunId is { } parent && ForParent(run, parent) is { } reason => reason,
            _ when _workers == 0 => "Waiting: no worker is online.",
            _ when !_datasets.Contains(run.Dataset) => $"Waiting: needs a worker with data set {run.Dataset}; none has it.",
            _ when ForExclusions(run) is { } reason => reason,
            { MaxParallel: { } most } when sweep.Running >= most => $"Waiting: its sweep runs at most {most} at a time.",
            _ => "Waiting for a free slot.",
        };
    }
}
