using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Workers;

public sealed class WorkerStore
{
    private readonly TrackingDatabase _database;
    private readonly TrackingOptions _options;

    internal WorkerStore(TrackingDatabase database, TrackingOptions options)
    {
        _database = database;
        _options = options;
    }

    /// <summary>Those that are online, and of the others the last life of each name; online first, then by name.</summary>
    public Task<IReadOnlyList<WorkerSummary>> ListAsync(CancellationToken cancellation) => _database.ReadAsync<IReadOnlyList<WorkerSummary>>(
        async context =>
        {
            var alive = await Sql.NowAsync(context, _database.Dialect, cancellation) - _options.Lease.Ticks;
            var workers = (await context.Workers.OrderByDescending(worker => worker.LastSeen).Take(1000).ToListAsync(cancellation))
                .GroupBy(worker => worker.Name)
                .SelectMany(lives => lives.Any(life => life.LastSeen >= alive) ? lives.Where(life => life.LastSeen >= alive) : lives.Take(1))
                .OrderByDescending(worker => worker.LastSeen >= alive).ThenBy(worker => worker.Name, StringComparer.Ordinal)
                .ToList();
            var incarnations = workers.ConvertAll(worker => worker.Incarnation);
            var slots = await context.Slots.Where(slot => incarnations.Contains(slot.Incarnation)).OrderBy(slot => slot.Slot).ToListAsync(cancellation);

            // What a slot runs is what it was given; the worker's own word lags by a heartbeat.
            var attempts = await context.Attempts.Where(a => a.Live && incarnations.Contains(a.Incarnation)).ToListAsync(cancellation);
            var ids = attempts.ConvertAll(a => a.RunId);
            var runs = await context.Runs.Where(run => ids.Contains(run.Id)).ToListAsync(cancellation);
            var summaries = (await RunSummaries.FromAsync(context, runs, null, cancellation)).ToDictionary(run => run.Id);

            return [.. workers.Select(worker => new WorkerSummary(
                worker.Name,
                worker.Incarnation,
                worker.Version,
                worker.LastSeen >= alive,
                RunSummaries.Time(worker.FirstSeen),
                RunSummaries.Time(worker.LastSeen),
                [.. slots.Where(slot => slot.Incarnation == worker.Incarnation).Select(slot =>
                {
                    var attempt = attempts.Find(a => a.Incarnation == slot.Incarnation && a.Slot == slot.Slot);
                    var capabilities = JsonSerializer.Deserialize<WorkerCapabilities>(slot.Capabilities, ContractJson.Options) ?? new WorkerCapabilities();
                    return new SlotSummary(slot.Slot, capabilities, attempt is null ? null : summaries.GetValueOrDefault(attempt.RunId), attempt is null ? null : slot.Phase);
                })]))];
        },
        cancellation);
}
