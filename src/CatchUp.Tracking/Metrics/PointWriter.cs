using CatchUp.Tracking.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CatchUp.Tracking.Metrics;

/// <summary>Writes points and their roll-ups, in the caller's transaction.</summary>
internal static class PointWriter
{
    /// <param name="context">With a transaction under way.</param>
    /// <param name="dialect">The provider's SQL.</param>
    /// <param name="run">The run they belong to.</param>
    /// <param name="values">Points under names that <see cref="MetricName.Problem"/> found nothing wrong with. A point that is there already stays as it is.</param>
    /// <param name="cancellation">Undoes nothing by itself: the caller's transaction does.</param>
    public static async Task WriteAsync(CatchUpContext context, DatabaseDialect dialect, long run, IReadOnlyCollection<(string Name, long Step, double Value, long At)> values, CancellationToken cancellation)
    {
        if (values.Count == 0)
        {
            return;
        }

        var metrics = await MetricIdsAsync(context, values.Select(value => value.Name).Distinct(), cancellation);
        var points = values.Select(value => Point.From(metrics[value.Name], value.Step, value.Value, value.At)).ToList();
        var connection = context.Database.GetDbConnection();
        var transaction = context.Database.CurrentTransaction!.GetDbTransaction();
        var isNew = await dialect.WritePointsAsync(connection, transaction, run, points, cancellation);

        var buckets = new Dictionary<(int Level, int Metric, long Bucket), BucketEntity>();
        for (var i = 0; i < points.Count; i++)
        {
            if (isNew[i])
            {
                for (var level = 1; level <= Rollup.Levels; level++)
                {
                    var key = (level, points[i].MetricId, points[i].Step / Rollup.Width(level));
                    if (!buckets.TryGetValue(key, out var bucket))
                    {
                        buckets[key] = bucket = Rollup.Empty(run, level, points[i].MetricId, key.Item3);
                    }

                    Rollup.Add(bucket, points[i].Step, points[i].Value);
                }
            }
        }

        await dialect.WriteBucketsAsync(connection, transaction, run, [.. buckets.Values], cancellation);
    }

    private static async Task<Dictionary<string, int>> MetricIdsAsync(CatchUpContext context, IEnumerable<string> names, CancellationToken cancellation)
    {
        // In one order everywhere: two servers that add the same names wait for each other and not in a circle.
        var wanted = names.Order(StringComparer.Ordinal).ToList();
        var known = await ReadAsync(context, wanted, cancellation);
        if (known.Count < wanted.Count)
        {
            foreach (var name in wanted.Where(name => !known.ContainsKey(name)))
            {
                await Sql.ExecuteAsync(context, "INSERT INTO metrics (name) VALUES (@name) ON CONFLICT DO NOTHING", cancellation, ("@name", name));
            }

            known = await ReadAsync(context, wanted, cancellation);
        }

        return known;
    }

    private static async Task<Dictionary<string, int>> ReadAsync(CatchUpContext context, List<string> names, CancellationToken cancellation)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var chunk in names.Chunk(500))
        {
            var (list, parameters) = Sql.In("name", chunk);
            foreach (var (name, id) in await Sql.ListAsync(context, $"SELECT name, id FROM metrics WHERE name IN {list}", row => (row.GetString(0), row.GetInt32(1)), cancellation, parameters))
            {
                ids[name] = id;
            }
        }

        return ids;
    }
}
