using CatchUp.Tracking.Database;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Tests.Support;

namespace CatchUp.Tracking.Tests.Metrics;

public sealed class MetricStoreTests
{
    [Theory, OnBothDatabases]
    public async Task Series_that_fits_is_every_point_as_it_is(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        await journal.Losses(1, 50).ShipAsync();

        var series = Assert.Single(await world.Get<MetricStore>().SeriesAsync(run, ["loss", "unknown", "loss"], null, null, 50, TestWorld.Cancellation));

        Assert.Equal((1, 50L), (series.BucketWidth, series.TotalPoints));
        Assert.Equal(Enumerable.Range(1, 50).Select(step => new MetricBucket(step, 1.0 / step, 1.0 / step, 1.0 / step, 1.0 / step, 1, 0)), series.Buckets);
    }

    [Theory, OnBothDatabases]
    public async Task Names_are_those_that_any_of_the_runs_has(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (first, journal) = await world.RunningAsync();
        await journal.Losses(1, 3).ShipAsync();
        var other = (await world.QueueAsync())[0];

        Assert.Equal(["loss"], await world.Get<MetricStore>().NamesAsync([first, other], TestWorld.Cancellation));
        Assert.Empty(await world.Get<MetricStore>().NamesAsync([other], TestWorld.Cancellation));
    }

    [Theory, OnBothDatabases]
    public async Task Series_of_any_size_is_drawn_from_as_many_exact_buckets_as_fit(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        var random = new Random(7);
        var values = Enumerable.Range(0, 20_000).Select(_ => random.NextDouble()).ToArray();
        journal.Losses(0, values.Length - 1, step => values[step]);
        while ((await journal.ShipAsync()).Position < journal.Entries.Count)
        {
        }

        foreach (var (limit, width) in new[] { (5000, 16), (2000, 16), (500, 64), (100, 256), (3, 16384), (1, 65536) })
        {
            var series = Assert.Single(await world.Get<MetricStore>().SeriesAsync(run, ["loss"], null, null, limit, TestWorld.Cancellation));
            Assert.Equal(width, series.BucketWidth);
            Assert.InRange(series.Buckets.Count, 1, Math.Min(limit, MetricStore.MaximumBuckets));
            Assert.Equal(values.Chunk(width).Select((part, i) => new MetricBucket(i * width, part.Min(), part.Max(), part[0], part[^1], part.Length, 0)), series.Buckets);
        }

        var zoomed = Assert.Single(await world.Get<MetricStore>().SeriesAsync(run, ["loss"], 5000, 5199, 200, TestWorld.Cancellation));
        Assert.Equal((1, 200), (zoomed.BucketWidth, zoomed.Buckets.Count));
        Assert.Equal([5000L, 5199L], [zoomed.Buckets[0].Step, zoomed.Buckets[^1].Step]);
        Assert.Empty(Assert.Single(await world.Get<MetricStore>().SeriesAsync(run, ["loss"], 30_000, 40_000, 200, TestWorld.Cancellation)).Buckets);
    }

    [Theory, OnBothDatabases]
    public async Task Series_sparse_and_uneven_still_fits_and_loses_no_extreme(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        var steps = Enumerable.Range(0, 300).Concat(Enumerable.Range(0, 300).Select(i => 1_000_000 + (i * 100_003))).ToArray();
        foreach (var step in steps)
        {
            journal.Points(step, ("loss", Math.Sin(step)));
        }

        await journal.ShipAsync();
        foreach (var limit in new[] { 600, 599, 100, 20, 7 })
        {
            var series = Assert.Single(await world.Get<MetricStore>().SeriesAsync(run, ["loss"], null, null, limit, TestWorld.Cancellation));
            Assert.InRange(series.Buckets.Count, 1, limit);
            Assert.Equal(600, series.Buckets.Sum(bucket => bucket.Count));
            Assert.Equal(steps.Max(step => Math.Sin(step)), series.Buckets.Max(bucket => bucket.Max));
            Assert.Equal(steps.Min(step => Math.Sin(step)), series.Buckets.Min(bucket => bucket.Min));
            Assert.Equal(limit == 600, series.BucketWidth == 1);
        }
    }

    [Theory, OnBothDatabases]
    public async Task Series_name_that_is_sql_is_only_a_name(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        const string Name = "'); DROP TABLE points; --";
        await journal.Points(1, (Name, 1)).ShipAsync();
        Assert.Equal(1, Assert.Single(await world.Get<MetricStore>().SeriesAsync(run, [Name], null, null, 10, TestWorld.Cancellation)).TotalPoints);
        Assert.Equal(1, await world.ReadAsync(context => Sql.NumberAsync(context, "SELECT COUNT(*) FROM points", TestWorld.Cancellation)));
    }
}
