using System.Diagnostics;
using CatchUp.Hosting.Bus;

namespace CatchUp.Benchmarks.Tracking.Scenarios;

/// <summary>Resident memory while an hour's points of 50 workers with 4 runs arrive as fast as they are taken.</summary>
internal sealed class Flat : Scenario
{
    private const int Attempts = 16;
    private const int Steps = 50;

    /// <summary>200 runs that log 20 metrics once a second, for an hour.</summary>
    private const long HourOfPoints = 200L * 20 * 3600;

    public override string Name => "flat";

    public override string Summary => "memory of the server over an hour's worth of ingest (14.4 million points, or --points if less)";

    public override async IAsyncEnumerable<Row> MeasureAsync(Options options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var kind in options.Databases)
        {
            var platform = await Platform.StartAsync(kind, BusTransport.RabbitMq, options, cancellation: cancellation);
            await using (platform)
            {
                var runs = await Load.RunningAsync(platform.Database, Attempts, cancellation);
                await using var heartbeats = new Heartbeats(platform.Database, runs);
                var most = Math.Min(HourOfPoints, options.Points);
                var stored = 0L;
                var work = Task.WhenAll(runs.Select((run, index) => Task.Run(async () =>
                {
                    for (var from = 0; Interlocked.Read(ref stored) < most; from += Steps)
                    {
                        Interlocked.Add(ref stored, await Load.ShipAsync(platform.Bus, run, from, Steps, cancellation));
                    }
                }, cancellation)));
                var resident = new List<(long Points, double Megabytes)>();
                while (!work.IsCompleted)
                {
                    using (var self = Process.GetCurrentProcess())
                    {
                        resident.Add((Interlocked.Read(ref stored), self.WorkingSet64 / 1048576.0));
                    }

                    await Task.WhenAny(work, Task.Delay(500, cancellation));
                }

                await work;

                // The first fifth warms up: caches fill, and the runtime finds how large its heap wants to be.
                var (middle, end) = (Mean(resident, 0.2, 0.6, most), Mean(resident, 0.6, 1.0, most));
                yield return new Row(
                    Text($"memory over {most:N0} points, {Word(kind)}"), Text($"{end:0} MiB in the second half"), Text($"{middle:0} MiB in the first half"), Text($"{(end - middle) / middle:+0.0%;-0.0%;0.0%}"), "≤ 5%");
            }
        }
    }

    private static double Mean(List<(long Points, double Megabytes)> resident, double from, double to, long most)
        => resident.Where(sample => sample.Points >= from * most && sample.Points <= to * most).Select(sample => sample.Megabytes).DefaultIfEmpty(double.NaN).Average();
}
