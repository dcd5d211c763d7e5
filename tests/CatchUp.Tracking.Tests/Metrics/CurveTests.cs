using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Tests.Support;
using CsCheck;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Tests.Metrics;

public sealed class CurveTests
{
    private static readonly Gen<double> Value = Gen.OneOf(Gen.Double[-1000, 1000], Gen.Double[-1000, 1000], Gen.Double[-1000, 1000], Gen.Const(double.NaN), Gen.Const(double.PositiveInfinity));

    private static readonly Gen<(int Step, double Value)[][]> Runs = Gen.Select(Gen.Int[0, 5000], Value).Array[1, 150].Array[1, 3];

    /// <summary>The band is drawn from a bucket's first to its last point between its extremes. Whatever is asked for, every point that is seen lies in it, and its edges are points.</summary>
    [Theory, OnBothDatabases]
    public async Task Every_raw_extreme_lies_inside_the_drawn_band_over_any_axis_at_any_zoom(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var store = world.Get<MetricStore>();
        await Gen.Select(Runs, Gen.Double[0, 1], Gen.Double[0, 1], Gen.Int[1, 200], Gen.Bool).SampleAsync(
            async (values, one, other, limit, together) =>
            {
                var journals = new List<Support.Journal>();
                foreach (var points in values)
                {
                    var run = (await world.QueueAsync())[0];
                    var journal = new Support.Journal(world, run, (await world.ClaimAsync(world.Request((int)run)))!.Attempt).Started();
                    foreach (var (step, value) in points.OrderBy(point => point.Step).DistinctBy(point => point.Step))
                    {
                        journal.Points(step, ("loss", value));
                    }

                    await journal.ShipAsync();
                    journals.Add(journal);
                }

                foreach (var axis in Enum.GetValues<CurveAxis>())
                {
                    var places = new Dictionary<long, List<(double Place, double Value)>>();
                    foreach (var journal in journals)
                    {
                        places[journal.Run] = await PlacesAsync(world, journal, axis);
                    }

                    var (first, last) = (places.Values.Min(points => points[0].Place), places.Values.Max(points => points[^1].Place));
                    var (from, to) = (first + (Math.Min(one, other) * (last - first)), first + (Math.Max(one, other) * (last - first)));
                    foreach (var (low, high) in new[] { (from, to), (double.NegativeInfinity, double.PositiveInfinity) })
                    {
                        var curves = await store.CurvesAsync(
                            new CurveQuestion
                            {
                                Sets = together ? [[.. journals.Select(journal => journal.Run)]] : [.. journals.Select(journal => new[] { journal.Run })],
                                Metric = "loss",
                                Axis = axis,
                                From = double.IsFinite(low) ? low : null,
                                To = double.IsFinite(high) ? high : null,
                                Buckets = limit,
                            },
                            TestWorld.Cancellation);
                        Assert.Equal(journals.Select(journal => journal.Run), curves.Select(curve => curve.RunId));
                        Assert.True(!together || curves.Select(curve => curve.BucketWidth).Distinct().Count() == 1);
                        foreach (var curve in curves)
                        {
                            Check(curve, places[curve.RunId], low, high, limit);
                        }
                    }
                }

                foreach (var journal in journals)
                {
                    await journal.Ended(AttemptOutcome.Cancelled).ShipAsync();
                }
            },
            iter: 12,
            threads: 1);
    }

    [Theory, OnBothDatabases]
    public async Task Time_counts_what_lies_between_attempts_and_device_time_does_not(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (artifact, bytes) = await world.StoreArtifactAsync([1]);
        var (run, first) = await world.RunningAsync();
        var started = world.Time.GetUtcNow();
        await first.Started().Losses(1, 5).Checkpoint(5, artifact, bytes).Losses(6, 20).Ended(AttemptOutcome.Lost).ShipAsync();
        world.Time.Advance(TimeSpan.FromHours(10));
        var again = (await world.ClaimAsync())!;
        var second = new Support.Journal(world, run, again.Attempt);
        await second.Started(from: 5).Losses(6, 8).ShipAsync();
        var attempts = await world.ReadAsync(context => context.Attempts.Where(attempt => attempt.RunId == run).OrderBy(attempt => attempt.Number).ToListAsync());
        var held = Seconds(attempts[0].EndedAt!.Value - attempts[0].AssignedAt);
        var waited = Seconds(attempts[1].StartedAt!.Value - attempts[1].AssignedAt);

        var time = await CurveAsync(world, CurveAxis.Time, run);
        var device = await CurveAsync(world, CurveAxis.Device, run);
        var steps = await CurveAsync(world, CurveAxis.Step, run);

        // Entries are a second apart; the first is the attempt's beginning.
        Assert.Equal([1, 2, 3, 4, 5, 36_001, 36_002, 36_003], time.Buckets.Select(bucket => bucket.End));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], steps.Buckets.Select(bucket => bucket.End));
        Assert.All(new[] { 1, 2, 3 }, seconds => Assert.Equal(held + waited + seconds, device.Buckets[4 + seconds].End, 6));
        Assert.True(device.Buckets[^1].End < 3600);
        Assert.Equal(new CurveMark(36_000, 5, "Attempt 1 was lost at step 20; attempt 2 goes on from step 5."), Assert.Single(time.Marks));
        Assert.Equal(5, Assert.Single(steps.Marks).At);
        Assert.Equal(held + waited, Assert.Single(device.Marks).At, 6);
        Assert.Equal(started, world.Time.GetUtcNow().AddHours(-10));
    }

    [Theory, OnBothDatabases]
    public async Task A_stretch_of_time_of_a_long_curve_is_read_point_by_point(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        journal.Started().Losses(1, 1500);
        while ((await journal.ShipAsync()).Position < journal.Entries.Count)
        {
        }

        var curve = Assert.Single(await world.Get<MetricStore>().CurvesAsync(new CurveQuestion { Sets = [[run]], Metric = "loss", Axis = CurveAxis.Time, From = 700, To = 710, Buckets = 60 }, TestWorld.Cancellation));

        Assert.Equal((1, 1500L), (curve.BucketWidth, curve.TotalPoints));
        Assert.Equal(Enumerable.Range(700, 11).Select(step => (double)step), curve.Buckets.Select(bucket => bucket.End).Where(place => place is >= 700 and <= 710));
    }

    [Theory, OnBothDatabases]
    public async Task A_stretch_without_a_finite_value_lies_where_its_point_was_logged(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        journal.Started();
        foreach (var (step, value) in new[] { (0, 1.0), (1, 2.0), (7, double.NaN), (8, 3.0), (9, 4.0) })
        {
            journal.Points(step, ("loss", value));
        }

        await journal.ShipAsync();

        var curve = Assert.Single(await world.Get<MetricStore>().CurvesAsync(new CurveQuestion { Sets = [[run]], Metric = "loss", Axis = CurveAxis.Time, Buckets = 3 }, TestWorld.Cancellation));

        Assert.Equal([(1, 2), (3, 3), (4, 5)], curve.Buckets.Select(bucket => (bucket.Start, bucket.End)));
        Assert.Equal([0, 1, 0], curve.Buckets.Select(bucket => bucket.NotFinite));
    }

    [Theory, OnBothDatabases]
    public async Task Images_seen_are_each_runs_own_and_only_runs_of_a_set_share_their_buckets(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.PlanAsync("batches", Batch(8), Batch(32));
        foreach (var run in runs)
        {
            var journal = new Support.Journal(world, run, (await world.ClaimAsync(world.Request((int)run)))!.Attempt);
            await journal.Started().Losses(1, run == runs[0] ? 40 : 400).ShipAsync();
        }

        var curves = await world.Get<MetricStore>().CurvesAsync(new CurveQuestion { Sets = [[runs[1]], [runs[0], 999]], Metric = "loss", Axis = CurveAxis.Images, Buckets = 110 }, TestWorld.Cancellation);
        Assert.Equal([runs[1], runs[0]], curves.Select(curve => curve.RunId));
        Assert.Equal((4, 1), (curves[0].BucketWidth, curves[1].BucketWidth));
        Assert.Equal([32, 96, 32, 3], new[] { curves[0].Buckets[0].Start, curves[0].Buckets[0].End, curves[0].Buckets[0].Start, curves[0].Buckets[0].Count });
        Assert.Equal(Enumerable.Range(1, 40).Select(step => step * 8.0), curves[1].Buckets.Select(bucket => bucket.End));

        var one = await world.Get<MetricStore>().CurvesAsync(new CurveQuestion { Sets = [runs], Metric = "loss", Axis = CurveAxis.Images, Buckets = 110 }, TestWorld.Cancellation);
        Assert.Equal([4, 4], one.Select(curve => curve.BucketWidth));

        // Only what lies there: 800 to 960 images are steps 25 to 30 of the second and 100 to 120 of the first.
        var part = await world.Get<MetricStore>().CurvesAsync(new CurveQuestion { Sets = [runs], Metric = "loss", Axis = CurveAxis.Images, From = 800, To = 960, Buckets = 100 }, TestWorld.Cancellation);
        Assert.Equal(Enumerable.Range(25, 6).Select(step => (long)step), Assert.Single(part, curve => curve.RunId == runs[1]).Buckets.Select(bucket => bucket.Step));
        Assert.Empty(Assert.Single(part, curve => curve.RunId == runs[0]).Buckets);
    }

    [Theory, OnBothDatabases]
    public async Task The_machine_is_drawn_over_seconds_or_over_time(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        await journal.Started().ShipAsync();
        var at = world.Time.GetUtcNow().AddSeconds(600);
        await world.BeatAsync(run, 1, system: new SystemSample(at, new Dictionary<string, double> { ["system/cpu_percent"] = 55 }));

        foreach (var axis in Enum.GetValues<CurveAxis>())
        {
            var curve = await CurveAsync(world, axis, run, "system/cpu_percent");
            Assert.Equal(new CurveBucket(600, 600, 600, 55, 55, 55, 1, 0), Assert.Single(curve.Buckets));
        }
    }

    [Theory, OnBothDatabases]
    public async Task Raw_points_come_in_order_with_what_is_not_finite(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        await journal.Points(1, ("'); DROP TABLE points; --", 0.1)).Points(2, ("'); DROP TABLE points; --", double.NaN), ("loss", 1)).Points(3, ("'); DROP TABLE points; --", double.NegativeInfinity)).ShipAsync();

        var points = await world.Get<MetricStore>().PointsAsync(run, "'); DROP TABLE points; --", -1, 100, TestWorld.Cancellation);
        Assert.Equal([(1L, 0.1), (2L, double.NaN), (3L, double.NegativeInfinity)], points.Select(point => (point.Step, point.Value)));
        Assert.Equal(journal.Entries.Select(entry => entry.At), points.Select(point => point.At));
        Assert.Equal(3, Assert.Single(await world.Get<MetricStore>().PointsAsync(run, "'); DROP TABLE points; --", 2, 100, TestWorld.Cancellation)).Step);
        Assert.Equal(2, (await world.Get<MetricStore>().PointsAsync(run, "'); DROP TABLE points; --", -1, 2, TestWorld.Cancellation)).Count);
        Assert.Empty(await world.Get<MetricStore>().PointsAsync(run, "unknown", -1, 2, TestWorld.Cancellation));
    }

    private static RunSpecification Batch(int size) => new() { Data = new DataSpecification { Dataset = "synthetic" }, Training = new TrainingSpecification { Iterations = 1000, BatchSize = size } };

    private static async Task<Curve> CurveAsync(TestWorld world, CurveAxis axis, long run, string metric = "loss") =>
        Assert.Single(await world.Get<MetricStore>().CurvesAsync(new CurveQuestion { Sets = [[run]], Metric = metric, Axis = axis }, TestWorld.Cancellation));

    /// <summary>Where each stored point belongs, from the journal and the attempt alone.</summary>
    private static async Task<List<(double Place, double Value)>> PlacesAsync(TestWorld world, Support.Journal journal, CurveAxis axis)
    {
        var attempt = await world.ReadAsync(context => context.Attempts.SingleAsync(row => row.RunId == journal.Run));
        var started = journal.Entries.OfType<AttemptStarted>().Single().At;
        var waited = Seconds(started.UtcTicks - attempt.AssignedAt);
        var batch = new TrainingSpecification().BatchSize;
        return
        [
            .. journal.Entries.OfType<PointsLogged>().Select(entry => (
                axis switch
                {
                    CurveAxis.Images => (double)entry.Step * batch,
                    CurveAxis.Time => (entry.At - started).TotalSeconds,
                    CurveAxis.Device => waited + (entry.At - started).TotalSeconds,
                    _ => entry.Step,
                },
                entry.Values["loss"])),
        ];
    }

    private static void Check(Curve curve, List<(double Place, double Value)> points, double low, double high, int limit)
    {
        Assert.InRange(curve.Buckets.Count, 0, limit);
        Assert.Equal(points.Count, curve.TotalPoints);
        foreach (var (place, value) in points.Where(point => double.IsFinite(point.Value) && point.Place >= low && point.Place <= high))
        {
            Assert.True(
                curve.Buckets.Any(bucket => bucket.Start <= place && place <= bucket.End && bucket.Low <= value && value <= bucket.High),
                $"{value} at {place} is not inside the band of {curve.Buckets.Count} buckets of {curve.BucketWidth} steps.");
        }

        var finite = points.Where(point => double.IsFinite(point.Value)).ToList();
        Assert.Equal(curve.Buckets.OrderBy(bucket => bucket.Start).ThenBy(bucket => bucket.End), curve.Buckets);
        foreach (var bucket in curve.Buckets.Where(bucket => bucket.Value is not null))
        {
            var within = finite.FindAll(point => point.Place >= bucket.Start && point.Place <= bucket.End);
            Assert.Equal(within.Max(point => point.Value), bucket.High);
            Assert.Equal(within.Min(point => point.Value), bucket.Low);
            Assert.Equal(finite.Last(point => point.Place == bucket.End).Value, bucket.Value);
            Assert.Equal(within.Count, bucket.Count - bucket.NotFinite);
        }

        if (double.IsInfinity(low))
        {
            Assert.Equal(points.Count, curve.Buckets.Sum(bucket => bucket.Count));
            Assert.Equal(points.Count - finite.Count, curve.Buckets.Sum(bucket => bucket.NotFinite));
        }
    }

    private static double Seconds(long ticks) => Math.Max(0, TimeSpan.FromTicks(ticks).TotalSeconds);
}
