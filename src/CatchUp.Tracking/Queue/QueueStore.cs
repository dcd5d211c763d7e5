using CatchUp.Contracts.Runs;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Queue;

/// <summary>Reads the queue. Claims and leases are beside it.</summary>
public sealed class QueueStore
{
    private readonly TrackingDatabase _database;
    private readonly TrackingOptions _options;

    internal QueueStore(TrackingDatabase database, TrackingOptions options)
    {
        _database = database;
        _options = options;
    }

    public Task<Page<QueueEntry>> ListAsync(int offset, int limit, CancellationToken cancellation)
    {
        var (start, count) = Paging.Clamp(offset, limit);
        return _database.ReadAsync(
            async context =>
            {
                var queued = context.Runs.Where(run => run.State == RunState.Queued);
                var total = await queued.CountAsync(cancellation);

                // In the order of the claim: priority, then the sweep with the fewest running, then age.
                var runs = await queued
                    .OrderByDescending(run => run.Priority)
                    .ThenBy(run => context.Runs.Count(other => other.SweepId == run.SweepId && other.State == RunState.Running))
                    .ThenBy(run => run.Id)
                    .Skip(start).Take(count)
                    .ToListAsync(cancellation);
                var reasons = await WaitingReasons.LookAsync(context, _database.Dialect, _options, runs, cancellation);
                var summaries = await RunSummaries.FromAsync(context, runs, reasons, cancellation);
                List<QueueEntry> entries = [.. runs.Select((run, index) => new QueueEntry(start + index + 1, summaries[index], run.Priority, reasons.For(run)))];
                return Paging.Page(entries, total, start);
            },
            cancellation);
    }
}
