using CatchUp.Tracking.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CatchUp.Tracking.Metrics;

/// <summary>Writes points and their roll-ups, in the caller's transaction.</summary>
internal static class PointWriter
{
    /// <param name="context">With a transaction under way.</param>
    /// <param name="database">The context's database.</param>
    /// <param name="run">The run they belong to.</param>
    /// <param name="values">Points under names that <see cref="MetricName.Problem"/> found nothing wrong with. A point that is there already stays as it is.</param>
    /// <param name="cancellation">Undoes nothing by itself: the caller's transaction does.</param>
    public static async Task WriteAsync(CatchUpContext context, TrackingDatabase database, long run, IReadOnlyCollection<(string Name, long Step, double Value, long At)> values, CancellationToken cancellation)
    {
        if (values.Count == 0)
        {
            return;
        }

        var metrics = await database.Metrics.OfAsync(context, values.Select(value => value.Name).Distinct(), cancellation);

        // In the tables' order, so that neighbours are written together; of two at the same place the first remains the first.
        var points = values.Select(value => Point.From(metrics[value.Name], value.Step, value.Value, value.At)).OrderBy(point => point.MetricId).ThenBy(point => point.Step).ToList();
        var connection = context.Database.GetDbConnection();
        var transaction = context.Database.CurrentTransaction!.GetDbTransaction();
        var isNew = await database.Dialect.WritePointsAsync(connection, transaction, run, points, cancellation);
        await database.Dialect.WriteBucketsAsync(connection, transaction, run, Buckets(run, isNew.Contains(false) ? [.. points.Where((_, index) => isNew[index])] : points), cancellation);
    }

    /// <summary>The stored levels' buckets. Each level is made of the one below it, and the lowest of the points.</summary>
    /// <param name="run">Theirs.</param>
    /// <param name="points">Ordered by metric and step.</param>
    internal static List<BucketEntity> Buckets(long run, List<Point> points)
    {
        var all = new List<BucketEntity>();
        foreach (var point in points)
        {
            Rollup.Add(Last(all, 0, run, Rollup.Lowest, point.MetricId, point.Step / Rollup.Width(Rollup.Lowest)), point.Step, point.Value);
        }

        var (first, end) = (0, all.Count);
        for (var level = Rollup.Lowest + Rollup.Apart; level <= Rollup.Levels; level += Rollup.Apart)
        {
            for (var i = first; i < end; i++)
            {
                Rollup.Add(Last(all, end, run, level, all[i].MetricId, all[i].Bucket / Rollup.StoredFan), all[i]);
            }

            (first, end) = (end, all.Count);
        }

        return all;
    }

    /// <summary>The bucket that was made last, or a new one behind it: points come in order, so a bucket that was left is not come back to.</summary>
    private static BucketEntity Last(List<BucketEntity> all, int first, long run, int level, int metric, long bucket)
    {
        if (all.Count > first && all[^1] is { } last && last.MetricId == metric && last.Bucket == bucket)
        {
            return last;
        }

        all.Add(Rollup.Empty(run, level, metric, bucket));
        return all[^1];
    }
}
