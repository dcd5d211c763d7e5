using CatchUp.Contracts.Journal;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Tests.Support;
using CsCheck;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Tests.Metrics;

public sealed class RollupTests
{
    private static readonly Gen<double> Value = Gen.OneOf(Gen.Double[-1000, 1000], Gen.Const(double.NaN), Gen.Const(double.PositiveInfinity), Gen.Const(double.NegativeInfinity));

    private static readonly Gen<(int Step, double Value)[]> Points = Gen.Select(Gen.Int[0, 5000], Value).Array[1, 150];

    /// <summary>Random points in random batches, then a rewind to a random step: every bucket of every level equals what the remaining points say.</summary>
    [Theory, OnBothDatabases]
    public async Task Buckets_after_any_points_and_any_rewind_equal_recomputation(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (artifact, bytes) = await world.StoreArtifactAsync([1]);
        await Gen.Select(Points, Points, Gen.Int[1, 40], Gen.Int[0, 5000]).SampleAsync(
            async (loss, other, batch, rewind) =>
            {
                var run = (await world.QueueAsync())[0];
                var slot = (int)run;
                var journal = new Support.Journal(world, run, (await world.ClaimAsync(world.Request(slot)))!.Attempt);
                journal.Checkpoint(rewind, artifact, bytes);
                foreach (var (step, value) in loss)
                {
                    journal.Points(step, ("loss", value), ("constant", 1));
                }

                foreach (var (step, value) in other)
                {
                    journal.Points(step, ("other", value));
                }

                foreach (var entries in journal.Entries.Chunk(batch))
                {
                    await world.ShipAsync(run, 1, entries);
                }

                Check(await StoredAsync(world, run));
                await journal.Ended(AttemptOutcome.Lost).ShipAsync();
                await world.ClaimAsync(world.Request(slot));
                var stored = await StoredAsync(world, run);
                Assert.DoesNotContain(stored.Points, point => point.Step > rewind);
                Assert.Equal(loss.Where(point => point.Step <= rewind).Select(point => (long)point.Step).Distinct().Order(), stored.Points.Where(point => point.Metric == "loss").Select(point => point.Step).Order());
                Check(stored);
                await journal.Ended(AttemptOutcome.Cancelled).ShipAsync();
                await world.ShipAsync(run, 2, new AttemptEnded { Number = 1, Outcome = AttemptOutcome.Cancelled });
            },
            iter: 15,
            threads: 1);
    }

    [Theory, OnBothDatabases]
    public async Task System_metrics_on_their_axis_of_seconds_survive_a_rewind(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        var at = world.Time.GetUtcNow().AddSeconds(600);
        await world.BeatAsync(run, 1, system: new Contracts.Workers.SystemSample(at, new Dictionary<string, double> { ["system/cpu_percent"] = 55, ["not/system"] = 1 }));
        await journal.Losses(1, 5).Ended(AttemptOutcome.Lost).ShipAsync();
        await world.ClaimAsync();

        var series = Assert.Single(await world.Get<MetricStore>().SeriesAsync(run, ["system/cpu_percent", "loss"], null, null, 100, TestWorld.Cancellation));
        Assert.Equal(("system/cpu_percent", "seconds", 1), (series.Name, series.Axis, series.BucketWidth));
        Assert.Equal(new MetricBucket(600, 55, 55, 55, 55, 1, 0), Assert.Single(series.Buckets));
    }

    private static async Task<(List<(string Metric, long Step, double? Value)> Points, List<(string Metric, BucketEntity Bucket)> Buckets)> StoredAsync(TestWorld world, long run)
    {
        return await world.ReadAsync(async context =>
        {
            var names = await context.Metrics.ToDictionaryAsync(metric => metric.Id, metric => metric.Name);
            var points = await context.Points.Where(point => point.RunId == run).ToListAsync();
            var buckets = await context.Buckets.Where(bucket => bucket.RunId == run).ToListAsync();
            return (points.ConvertAll(point => (names[point.MetricId], point.Step, point.Value)), buckets.ConvertAll(bucket => (names[bucket.MetricId], bucket)));
        });
    }

    private static void Check((List<(string Metric, long Step, double? Value)> Points, List<(string Metric, BucketEntity Bucket)> Buckets) stored)
    {
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var level = Rollup.Lowest; level <= Rollup.Levels; level += Rollup.Apart)
        {
            foreach (var group in stored.Points.GroupBy(point => (point.Metric, Bucket: point.Step / (long)Math.Pow(4, level))))
            {
                var finite = group.Where(point => point.Value is not null).OrderBy(point => point.Step).ToList();
                expected[$"{group.Key.Metric} {level} {group.Key.Bucket}"] = finite.Count == 0
                    ? Text(null, null, null, null, null, null, group.Count(), group.Count())
                    : Text(
                        finite.Min(point => point.Value), finite.Max(point => point.Value), finite[0].Step, finite[0].Value, finite[^1].Step, finite[^1].Value,
                        group.Count(), group.Count() - finite.Count);
            }
        }

        var actual = new SortedDictionary<string, string>(
            stored.Buckets.ToDictionary(
                row => $"{row.Metric} {row.Bucket.Level} {row.Bucket.Bucket}",
                row => Text(row.Bucket.Minimum, row.Bucket.Maximum, row.Bucket.FirstStep, row.Bucket.FirstValue, row.Bucket.LastStep, row.Bucket.LastValue, row.Bucket.Count, row.Bucket.NotFinite)),
            StringComparer.Ordinal);
        Assert.Equal(expected, actual);
    }

    private static string Text(double? minimum, double? maximum, long? firstStep, double? first, long? lastStep, double? last, long count, long notFinite)
        => FormattableString.Invariant($"{minimum:R} {maximum:R} {firstStep} {first:R} {lastStep} {last:R} {count} {notFinite}");
}
