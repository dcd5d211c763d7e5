using CatchUp.Dashboard.Charts;
using CatchUp.Tracking.Metrics;

namespace CatchUp.Dashboard.Tests.Charts;

public sealed class CurveMeanTests
{
    [Fact]
    public void Mean_and_interval_are_over_all_runs_at_each_step()
    {
        // Twenty runs, so that a sample of them would be noticed: the values 1 to 20, and ten times that.
        var curves = Enumerable.Range(1, 20).Select(run => Points(run, (1, run), (2, 10 * run))).ToList();

        var mean = CurveMean.Of(curves);

        Assert.Equal([(1L, 10.5, 20L), (2, 105, 20)], mean.Select(point => (point.Step, point.Value!.Value, point.Count)));

        // s = √35, t(0.975, 19) = 2.0930240544: 10.5 ± 2.093024 · √35 / √20.
        Assert.Equal(2.0930240544 * Math.Sqrt(35.0 / 20), (mean[0].High!.Value - mean[0].Low!.Value) / 2, 8);
    }

    [Fact]
    public void Runs_that_ended_earlier_are_missing_from_the_count_and_one_alone_has_no_mean()
    {
        var mean = CurveMean.Of([Points(1, (1, 1), (2, 2), (3, 3), (4, 4)), Points(2, (1, 3), (2, 4), (3, 5)), Points(3, (1, 5), (2, 6))]);

        Assert.Equal([(1L, 3.0, 3L), (2, 4, 3), (3, 4, 2)], mean.Select(point => (point.Step, point.Value!.Value, point.Count)));
    }

    [Fact]
    public void A_run_that_is_not_finite_is_counted_apart()
    {
        var mean = Assert.Single(CurveMean.Of([Points(1, (7, 1)), Points(2, (7, 3)), Points(3, (7, null))]));

        Assert.Equal((2, 2L, 1L), (mean.Value!.Value, mean.Count, mean.NotFinite));
    }

    [Fact]
    public void Buckets_are_aligned_at_the_last_step_that_two_runs_share()
    {
        // Width 16. The third run's last point in the first bucket is a step behind: its value is of another step and stays out.
        var mean = CurveMean.Of(
        [
            Curve(1, 16, Bucket(15, 1), Bucket(31, 4)),
            Curve(2, 16, Bucket(15, 3), Bucket(31, 6)),
            Curve(3, 16, Bucket(14, 100), Bucket(31, 8)),
        ]);

        Assert.Equal([(15L, 2.0, 2L), (31, 6, 3)], mean.Select(point => (point.Step, point.Value!.Value, point.Count)));
    }

    [Fact]
    public void Points_at_unlike_steps_have_no_mean() => Assert.Empty(CurveMean.Of([Points(1, (1, 1), (3, 1)), Points(2, (2, 1), (4, 1))]));

    [Fact]
    public void Over_time_the_mean_stands_at_the_runs_mean_time_and_never_goes_back()
    {
        // The slow one ends first.
        var mean = CurveMean.Of([Timed(1, (1, 10), (2, 20), (3, 30)), Timed(2, (1, 12), (2, 24), (3, 36)), Timed(3, (1, 100), (2, 200))]);

        Assert.Equal([(10 + 12 + 100) / 3.0, (20 + 24 + 200) / 3.0, (20 + 24 + 200) / 3.0], mean.Select(point => point.End));
    }

    private static Curve Points(long run, params (long Step, double? Value)[] points) => Curve(run, 1, [.. points.Select(point => Bucket(point.Step, point.Value))]);

    private static Curve Timed(long run, params (long Step, double At)[] points) => Curve(run, 1, [.. points.Select(point => Bucket(point.Step, 1) with { Start = point.At, End = point.At })]);

    private static Curve Curve(long run, int width, params CurveBucket[] buckets) => new(run, width, buckets, buckets.Length, []);

    private static CurveBucket Bucket(long step, double? value) => new(step, step, step, value, value, value, 1, value is null ? 1 : 0);
}
