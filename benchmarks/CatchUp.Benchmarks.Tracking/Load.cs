using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;
using MassTransit;

namespace CatchUp.Benchmarks.Tracking;

/// <summary>Runs that are under way, as their workers would ship them: a request per batch, one in flight per attempt.</summary>
internal static class Load
{
    public const string Worker = "load";

    private static readonly string[] Metrics = [.. Enumerable.Range(0, 20).Select(index => index == 0 ? "loss" : FormattableString.Invariant($"train/metric_{index}"))];

    /// <summary>A sweep of running runs, each with a live attempt whose lease <see cref="Heartbeats"/> keep.</summary>
    public static async Task<IReadOnlyList<long>> RunningAsync(TrackingDatabase database, int count, CancellationToken cancellation)
    {
        var now = DateTimeOffset.UtcNow.UtcTicks;
        return await database.WriteAsync(async context =>
        {
            var sweep = new SweepEntity { RequestId = Guid.NewGuid(), Name = "load", Project = "benchmark", Document = "name: load", Trials = count, Replicates = 1, CreatedAt = now };
            context.Sweeps.Add(sweep);
            await context.SaveChangesAsync(cancellation);
            var runs = Enumerable.Range(0, count).Select(index => new RunEntity
            {
                SweepId = sweep.Id, Trial = index, Name = FormattableString.Invariant($"load-{index}"), Project = "benchmark", Specification = "{}", Steps = int.MaxValue,
                Dataset = "synthetic", State = RunState.Running, Attempt = 1, CreatedAt = now, UpdatedAt = now,
            }).ToList();
            context.Runs.AddRange(runs);
            await context.SaveChangesAsync(cancellation);
            context.Attempts.AddRange(runs.Select((run, index) => new AttemptEntity
            {
                RunId = run.Id, Number = 1, Worker = Worker, Incarnation = Guid.NewGuid(), Slot = index, RequestId = Guid.NewGuid(), Assignment = "{}",
                LeaseExpiresAt = now + TimeSpan.FromSeconds(20).Ticks, Live = true, AssignedAt = now,
            }));
            await context.SaveChangesAsync(cancellation);
            return runs.ConvertAll(run => run.Id);
        }, cancellation);
    }

    /// <summary>Ships the run's next batch: every metric at each of so many steps, curves like those of finished runs. Values have all digits that a double can have.</summary>
    /// <param name="bus">To the coordinator.</param>
    /// <param name="run">Of a live attempt 1.</param>
    /// <param name="from">Entries that were shipped before.</param>
    /// <param name="steps">How many entries.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many points were stored.</returns>
    public static async Task<int> ShipAsync(IBus bus, long run, int from, int steps, CancellationToken cancellation)
    {
        var now = DateTimeOffset.UtcNow;
        var entries = Enumerable.Range(from, steps)
            .Select(step => (JournalEntry)new PointsLogged
            {
                Number = step + 1, At = now, Step = step, ImagesSeen = step * 64L,
                Values = Metrics.Index().ToDictionary(metric => metric.Item, metric => BulkFill.Value(run, metric.Index, step)),
            })
            .ToList();
        var batch = new ShipJournal { RunId = run, Attempt = 1, Entries = entries };
        var answer = await bus.CreateRequestClient<ShipJournal>(TimeSpan.FromSeconds(60)).GetResponse<JournalStored, AttemptSuperseded>(batch, cancellation);
        if (!answer.Is(out Response<JournalStored>? stored) || stored.Message.Position != from + steps)
        {
            throw new BenchmarkException(FormattableString.Invariant($"A batch of run {run} was not stored."));
        }

        return steps * Metrics.Length;
    }
}
