using System.Diagnostics;
using CatchUp.Hosting.Bus;
using CatchUp.Tracking.Metrics;

namespace CatchUp.Benchmarks.Tracking.Scenarios;

/// <summary>How long any part of a very long series takes to read, as the API reads it.</summary>
internal sealed class Zoom : Scenario
{
    private const int Series = 1_000_000;
    private const int AtOnce = 20;

    public override string Name => "zoom";

    public override string Summary => "random zooms of a series of 1,000,000 points, alone and 20 at once";

    public override async IAsyncEnumerable<Row> MeasureAsync(Options options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var kind in options.Databases)
        {
            var platform = await Platform.StartAsync(kind, BusTransport.InMemory, options, cancellation: cancellation);
            await using (platform)
            {
                // 20 metrics of one run, a million points each.
                var run = (await BulkFill.FillAsync(platform.Database, 1, (long)Series * AtOnce, cancellation))[0];
                var store = platform.Get<MetricStore>();
                var random = new Random(1);
                var alone = new List<double>();
                for (var i = 0; i < options.Repeats; i++)
                {
                    var (from, to) = Range(random);
                    var clock = Stopwatch.StartNew();
                    await store.SeriesAsync(run, [BulkFill.Name(random.Next(AtOnce))], from, to, MetricStore.MaximumBuckets, cancellation);
                    alone.Add(clock.Elapsed.TotalMilliseconds);
                }

                yield return new Row($"zoom, {Word(kind)}", Text($"p50 {Percentile(alone, 0.5):0.0} ms"), Text($"p99 {Percentile(alone, 0.99):0.0} ms"), Text($"p95 {Percentile(alone, 0.95):0.0} ms"), "p95 ≤ 50 ms");
                var together = new List<double>();
                for (var i = 0; i < Math.Max(5, options.Repeats / 10); i++)
                {
                    var (from, to) = Range(random);
                    var clock = Stopwatch.StartNew();
                    await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(metric => Task.Run(() => store.SeriesAsync(run, [BulkFill.Name(metric)], from, to, MetricStore.MaximumBuckets, cancellation), cancellation)));
                    together.Add(clock.Elapsed.TotalMilliseconds);
                }

                yield return new Row($"20 zooms at once, {Word(kind)}", Text($"p50 {Percentile(together, 0.5):0} ms"), Text($"p99 {Percentile(together, 0.99):0} ms"), Text($"p95 {Percentile(together, 0.95):0} ms"), "≤ 300 ms");
            }
        }
    }

    /// <summary>Every width as likely as any other of its order of magnitude, from ten steps to the whole.</summary>
    private static (long From, long To) Range(Random random)
    {
        var width = (long)Math.Pow(10, 1 + (random.NextDouble() * 5));
        var from = random.NextInt64(Math.Max(1, Series - width));
        return (from, from + width);
    }
}
