using CatchUp.Statistics.Samples;
using CatchUp.Tracking.Metrics;

namespace CatchUp.Dashboard.Charts;

/// <summary>
/// The mean of a group's curves with its 95 % interval by Student's t, at every step where at least two of its runs have a point. Runs are aligned by their steps, whatever the axis.
/// Where curves are drawn from buckets, each bucket gives one step: the last one that two runs have in common there. So a mean is always one of values at the same step,
/// over all runs that have a finite one, and never an average over steps.
/// </summary>
internal static class CurveMean
{
    /// <param name="curves">Of the group's runs, with buckets of the same width.</param>
    public static IReadOnlyList<CurveBucket> Of(IReadOnlyList<Curve> curves)
    {
        var width = curves.Count == 0 ? 1 : Math.Max(1, curves[0].BucketWidth);
        var mean = new List<CurveBucket>();
        var latest = double.NegativeInfinity;
        foreach (var bucket in curves.SelectMany(curve => curve.Buckets).GroupBy(bucket => bucket.Step / width).OrderBy(bucket => bucket.Key))
        {
            var common = bucket.Where(part => part.Value is not null).GroupBy(part => part.Step).Where(step => step.Skip(1).Any()).MaxBy(step => step.Key);
            if (common is null)
            {
                continue;
            }

            var summary = SampleSummary.Of(common.Select(part => part.Value!.Value));

            // Over an axis of time the runs reach a step at different times; the mean stands at their mean, and does not go back when a late run ends early.
            latest = Math.Max(latest, common.Average(part => part.End));
            mean.Add(new CurveBucket(common.Key, latest, latest, summary.Interval?.Low ?? summary.Mean, summary.Interval?.High ?? summary.Mean, summary.Mean, summary.Count, bucket.Count(part => part.NotFinite > 0)));
        }

        return mean;
    }
}
