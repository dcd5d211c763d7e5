using CatchUp.Contracts.Runs;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Queue;

/// <summary>Reads the queue and changes its order. Claims and leases are beside it.</summary>
public sealed class QueueStore
{
    private readonly TrackingDatabase _database;
    private readonly TrackingOptions _options;
    private readonly QueueForecasts _forecasts;
    private readonly TrackingNews _news;
    private readonly TimeProvider _time;

    internal QueueStore(TrackingDatabase database, QueueForecasts forecasts, TrackingNews news, TrackingOptions options, TimeProvider time)
    {
        _database = database;
        _options = options;
        _forecasts = forecasts;
        _news = news;
        _time = time;
    }

    public async Task<Page<QueueEntry>> ListAsync(int offset, int limit, CancellationToken cancellation) => (await LookAsync(offset, limit, cancellation)).Waiting;

    /// <summary>What waits, in the order of the claims to come, and when everything is expected to end.</summary>
    public Task<QueueLook> LookAsync(int offset, int limit, CancellationToken cancellation)
    {
        var (start, count) = Paging.Clamp(offset, limit);
        return _database.ReadAsync(
            async context =>
            {
                var look = await _forecasts.LookAsync(cancellation);
                var total = await context.Runs.CountAsync(run => run.State == RunState.Queued, cancellation);
                var ids = look.Order.Skip(start).Take(count).ToList();
                var found = await context.Runs.Where(run => ids.Contains(run.Id) && run.State == RunState.Queued).ToDictionaryAsync(run => run.Id, cancellation);
                var runs = ids.Where(found.ContainsKey).Select(id => found[id]).ToList();
                var reasons = await WaitingReasons.LookAsync(context, _database.Dialect, _options, _time.GetUtcNow(), runs, cancellation);
                var summaries = await RunSummaries.FromAsync(context, runs, reasons, cancellation);
                List<QueueEntry> entries = [.. runs.Select((run, index) => new QueueEntry(start + index + 1, summaries[index], run.Priority, reasons.For(run), look.Runs.GetValueOrDefault(run.Id)))];
                var waiting = look.Order.ToHashSet();
                return new QueueLook(Paging.Page(entries, total, start), look.Runs.Where(pair => !waiting.Contains(pair.Key)).ToDictionary());
            },
            cancellation);
    }

    /// <summary>Moves a waiting run, or all waiting runs of a sweep.</summary>
    public async Task<CommandOutcome> MoveAsync(QueueMove move, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(move);
        var outcome = await _database.WriteAsync(context => QueueMoves.MoveAsync(context, _database.Dialect, move, _time.GetUtcNow().UtcTicks, cancellation), cancellation);
        if (outcome.Result == CommandResult.Accepted)
        {
            var sweep = move.Sweep ?? await _database.ReadAsync(context => context.Runs.Where(run => run.Id == move.Run).Select(run => run.SweepId).FirstOrDefaultAsync(cancellation), cancellation);
            await _news.SweepChangedAsync(sweep);
        }

        return outcome;
    }
}
