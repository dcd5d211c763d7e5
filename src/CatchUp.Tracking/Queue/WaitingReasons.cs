using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Runs;
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
    private int _workers;

    public static async Task<WaitingReasons> LookAsync(CatchUpContext context, DatabaseDialect dialect, TrackingOptions options, IEnumerable<long> sweeps, CancellationToken cancellation)
    {
        var reasons = new WaitingReasons();
        var alive = await Sql.NowAsync(context, dialect, cancellation) - options.Lease.Ticks;
        reasons._workers = await context.Workers.CountAsync(worker => worker.LastSeen >= alive, cancellation);
        var online = context.Workers.Where(worker => worker.LastSeen >= alive).Select(worker => worker.Incarnation);
        foreach (var capabilities in await context.Slots.Where(slot => online.Contains(slot.Incarnation)).Select(slot => slot.Capabilities).ToListAsync(cancellation))
        {
            reasons._datasets.UnionWith(JsonSerializer.Deserialize<WorkerCapabilities>(capabilities, ContractJson.Options)?.Datasets ?? []);
        }

        var ids = sweeps.Distinct().ToList();
        foreach (var sweep in await context.Sweeps
            .Where(s => ids.Contains(s.Id))
            .Select(s => new { s.Id, s.Paused, s.MaxParallel, Running = context.Runs.Count(r => r.SweepId == s.Id && r.State == RunState.Running) })
            .ToListAsync(cancellation))
        {
            reasons._sweeps[sweep.Id] = (sweep.Paused, sweep.MaxParallel, sweep.Running);
        }

        return reasons;
    }

    public string For(RunEntity run)
    {
        var sweep = _sweeps.GetValueOrDefault(run.SweepId);
        return sweep switch
        {
            { Paused: true } => "Waiting: its sweep is paused.",
            _ when _workers == 0 => "Waiting: no worker is online.",
            _ when !_datasets.Contains(run.Dataset) => $"Waiting: needs a worker with data set {run.Dataset}; none has it.",
            { MaxParallel: { } most } when sweep.Running >= most => $"Waiting: its sweep runs at most {most} at a time.",
            _ => "Waiting for a free slot.",
        };
    }
}
