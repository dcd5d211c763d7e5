using System.Diagnostics;
using CatchUp.Hosting.Bus;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Runs;

namespace CatchUp.Benchmarks.Tracking.Scenarios;

/// <summary>What the same questions cost as the database grows tenfold and tenfold again, up to <c>--points</c>.</summary>
internal sealed class Grow : Scenario
{
    private const int Steps = 50;

    public override string Name => "grow";

    public override string Summary => "size, start, zoom and ingest of a database from 1 M to --points points";

    public override async IAsyncEnumerable<Row> MeasureAsync(Options options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var kind in options.Databases)
        {
            var platform = await Platform.StartAsync(kind, BusTransport.InMemory, options, cancellation: cancellation);
            await using (platform)
            {
                var filled = 0L;
                for (var points = Math.Min(1_000_000, options.Points); filled < options.Points; points = Math.Min(points * 10, options.Points))
                {
                    var runs = await BulkFill.FillAsync(platform.Database, options.Runs, points - filled, cancellation);
                    filled = points;
                    yield return await LineAsync(platform, kind, runs, points, cancellation);
                }
            }
        }
    }

    private static async Task<Row> LineAsync(Platform platform, DatabaseKind kind, IReadOnlyList<long> runs, long points, CancellationToken cancellation)
    {
        var (random, zooms) = (new Random(2), new List<double>());
        for (var i = 0; i < 50; i++)
        {
            zooms.Add(await TimeAsync(() => platform.Get<MetricStore>().SeriesAsync(runs[random.Next(runs.Count)], [BulkFill.Name(random.Next(20))], null, null, MetricStore.MaximumBuckets, cancellation)));
        }

        var start = await TimeAsync(async () =>
        {
            await platform.Get<DatabaseMigrator>().MigrateAsync(cancellation);
            return await platform.Get<RunStore>().ListAsync(new RunQuery(), cancellation);
        });
        var live = (await Load.RunningAsync(platform.Database, 1, cancellation))[0];
        var clock = Stopwatch.StartNew();
        var stored = 0;
        for (var from = 0; from < 100 * Steps; from += Steps)
        {
            stored += await Load.ShipAsync(platform.Bus, live, from, Steps, cancellation);
        }

        var rate = stored / clock.Elapsed.TotalSeconds;
        return new Row(
            Text($"{points:N0} points, {Word(kind)}"), Text($"{platform.DatabaseBytes(cancellation) / 1e9:0.00} GB, {platform.DatabaseBytes(cancellation) / (double)points:0} bytes a point"),
            Text($"start and first list {start:0} ms"), Text($"zoom p95 {Percentile(zooms, 0.95):0.0} ms, one run's ingest {rate:N0} a second"), "start ≤ 5 s, zoom p95 ≤ 50 ms");
    }

    private static async Task<double> TimeAsync<T>(Func<Task<T>> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return clock.Elapsed.TotalMilliseconds;
    }
}
