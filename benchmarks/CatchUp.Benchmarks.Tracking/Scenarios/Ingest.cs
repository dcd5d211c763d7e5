using System.Diagnostics;
using CatchUp.Hosting.Bus;
using CatchUp.Tracking.Database;

namespace CatchUp.Benchmarks.Tracking.Scenarios;

/// <summary>Points a second from the worker's hands to the commit that stores them with their roll-ups.</summary>
internal sealed class Ingest : Scenario
{
    private const int Attempts = 16;
    private const int Steps = 50;

    /// <summary>Until the runtime has compiled what is used most for good.</summary>
    private const int WarmUpPoints = 600_000;

    private const int ShortWarmUpPoints = 50_000;

    public override string Name => "ingest";

    public override string Summary => "points a second through the bus into the database, with and without roll-ups";

    public override async IAsyncEnumerable<Row> MeasureAsync(Options options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var kind in options.Databases)
        {
            var warm = false;
            foreach (var bus in options.Buses)
            {
                if (!warm)
                {
                    await RateAsync(kind, bus, options with { Seconds = 1 }, rollups: true, WarmUpPoints, cancellation);
                    warm = true;
                }

                var with = await RateAsync(kind, bus, options, rollups: true, ShortWarmUpPoints, cancellation);
                var path = $"{Word(kind)} through {(bus == BusTransport.RabbitMq ? "RabbitMQ" : "the in-memory bus")}";
                var (least, goal) = kind == DatabaseKind.Sqlite ? (25_000, 40_000) : (30_000, 50_000);
                yield return new Row(
                    $"points, {path}", Text($"{with.Rate:N0} a second"), Text($"of processor time {with.ProcessorRate:N0} a second of one core"),
                    Text($"per million points: server {with.Server:0} s, broker {with.Broker:0} s, database {with.Database:0} s"),
                    bus == BusTransport.RabbitMq ? Text($"≥ {least:N0} a second, goal {goal:N0}") : "told, not promised");
                var without = await RateAsync(kind, bus, options, rollups: false, ShortWarmUpPoints, cancellation);
                yield return new Row(
                    $"roll-ups, {path}", Text($"{with.Rate:N0} a second"), Text($"{without.Rate:N0} a second without them"),
                    Text($"{1 - (with.Rate / without.Rate):0%} of the speed, {1 - (with.ProcessorRate / without.ProcessorRate):0%} of the processor time"), bus == BusTransport.RabbitMq ? "≤ 30%" : "told, not promised");
            }
        }
    }

    private static async Task<Figures> RateAsync(DatabaseKind kind, BusTransport bus, Options options, bool rollups, int warmUp, CancellationToken cancellation)
    {
        var platform = await Platform.StartAsync(kind, bus, options, rollups, cancellation: cancellation);
        await using (platform)
        {
            var runs = await Load.RunningAsync(platform.Database, Attempts, cancellation);
            await using var heartbeats = new Heartbeats(platform.Database, runs);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var stored = 0L;
            var senders = runs.Select((run, index) => Task.Run(async () =>
            {
                for (var from = 0; !stop.IsCancellationRequested; from += Steps)
                {
                    Interlocked.Add(ref stored, await Load.ShipAsync(platform.Bus, run, from, Steps, cancellation));
                }
            }, cancellation)).ToList();

            while (Interlocked.Read(ref stored) < warmUp && !senders.Exists(sender => sender.IsFaulted))
            {
                await Task.Delay(100, cancellation);
            }

            var clock = Stopwatch.StartNew();
            var (first, before) = (Interlocked.Read(ref stored), platform.ProcessorSeconds());
            await Task.WhenAny([Task.Delay(TimeSpan.FromSeconds(options.Seconds), cancellation), .. senders]);
            var (points, seconds, after) = ((double)(Interlocked.Read(ref stored) - first), clock.Elapsed.TotalSeconds, platform.ProcessorSeconds());
            await stop.CancelAsync();
            await Task.WhenAll(senders);
            var rows = await platform.Database.ReadAsync(context => Sql.NumberAsync(context, "SELECT COUNT(*) FROM points", cancellation), cancellation);
            if (rows != stored)
            {
                throw new BenchmarkException(Text($"{stored:N0} points were acknowledged, and {rows:N0} are stored."));
            }

            var million = points / 1e6;
            return new Figures(points / seconds, (after.Server - before.Server) / million, (after.Broker - before.Broker) / million, (after.Database - before.Database) / million);
        }
    }

    /// <param name="Rate">Points a second.</param>
    /// <param name="Server">Processor seconds a million points: coordinator and senders, which are one process here.</param>
    /// <param name="Broker">The broker's.</param>
    /// <param name="Database">The database server's; SQLite is in the server.</param>
    private sealed record Figures(double Rate, double Server, double Broker, double Database)
    {
        public double ProcessorRate => 1e6 / (Server + Broker + Database);
    }
}
