using System.Collections.Concurrent;
using System.Diagnostics;
using CatchUp.Contracts.Runs;
using CatchUp.Hosting.Bus;
using MassTransit;

namespace CatchUp.Benchmarks.Tracking.Scenarios;

/// <summary>200 runs that report every second: from the moment a point is in a journal until a page has heard that it is stored.</summary>
internal sealed class Fleet : Scenario
{
    private const int Workers = 50;
    private const int RunsPerWorker = 4;

    public override string Name => "fleet";

    public override string Summary => "50 workers × 4 runs reporting every second: from the journal to visible";

    public override async IAsyncEnumerable<Row> MeasureAsync(Options options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var kind in options.Databases)
        {
            var platform = await Platform.StartAsync(kind, BusTransport.RabbitMq, options, news: bus => bus.AddNewsConsumer<Ear>(), cancellation: cancellation);
            await using (platform)
            {
                Ear.Waiting.Clear();
                // Until the queue of its answers stands, a request holds its thread; a worker's first one, a heartbeat, is alone.
                await Load.ShipAsync(platform.Bus, (await Load.RunningAsync(platform.Database, 1, cancellation))[0], 0, 1, cancellation);
                var runs = await Load.RunningAsync(platform.Database, Workers * RunsPerWorker, cancellation);
                await using var heartbeats = new Heartbeats(platform.Database, runs);
                var latencies = new ConcurrentBag<double>();
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                stop.CancelAfter(TimeSpan.FromSeconds(options.Seconds + 5));
                var begun = Stopwatch.StartNew();
                await Task.WhenAll(runs.Select((run, index) => Task.Run(async () =>
                {
                    for (var step = 0; !stop.IsCancellationRequested; step++)
                    {
                        // Spread over the second, as machines that know nothing of each other are.
                        var due = TimeSpan.FromSeconds(step + (index / (double)runs.Count)) - begun.Elapsed;
                        await Task.Delay(due > TimeSpan.Zero ? due : TimeSpan.Zero, cancellation);
                        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                        Ear.Waiting[run] = heard;
                        var clock = Stopwatch.StartNew();
                        await Load.ShipAsync(platform.Bus, run, step, 1, cancellation);
                        await heard.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellation);
                        if (begun.Elapsed > TimeSpan.FromSeconds(5))
                        {
                            latencies.Add(clock.Elapsed.TotalMilliseconds);
                        }
                    }
                }, cancellation)));
                yield return new Row(
                    Text($"journal to visible, {Word(kind)}, {runs.Count} runs every second"), Text($"p50 {Percentile(latencies, 0.5):0} ms"), Text($"p99 {Percentile(latencies, 0.99):0} ms of {latencies.Count:N0}"),
                    Text($"p95 {Percentile(latencies, 0.95):0} ms"), "p95 ≤ 1,000 ms");
            }
        }
    }

    /// <summary>Where pages hear of it.</summary>
    private sealed class Ear : IConsumer<RunChanged>
    {
        public static ConcurrentDictionary<long, TaskCompletionSource> Waiting { get; } = new();

        public Task Consume(ConsumeContext<RunChanged> context)
        {
            if (context.Message.DataArrived && Waiting.TryRemove(context.Message.RunId, out var heard))
            {
                heard.TrySetResult();
            }

            return Task.CompletedTask;
        }
    }
}
