using CatchUp.Tracking.Database;

namespace CatchUp.Tracking.Metrics;

/// <summary>What the top level's few buckets say about a metric of a run.</summary>
internal sealed record MetricTop(long Run, int Metric, string Name, long FirstStep, long LastStep, MetricSummary Summary)
{
    /// <param name="names">Null: all there are.</param>
    public static async Task<List<MetricTop>> ReadAsync(CatchUpContext context, IReadOnlyCollection<long> runs, string[]? names, CancellationToken cancellation)
    {
        var tops = new List<MetricTop>();
        foreach (var chunk in runs.Distinct().Chunk(500))
        {
            tops.AddRange(await ChunkAsync(context, chunk, names, cancellation));
        }

        return tops;
    }

    private static async Task<IEnumerable<MetricTop>> ChunkAsync(CatchUpContext context, long[] runs, string[]? names, CancellationToken cancellation)
    {
        var (list, parameters) = Sql.In("name", names ?? []);
        var (ids, runParameters) = Sql.In("run", runs);
        var rows = await Sql.ListAsync(
            context,
            $"""
            SELECT b.metric_id, m.name, b.minimum, b.maximum, b.first_step, b.first_value, b.last_step, b.last_value, b.count, b.not_finite, b.bucket, b.run_id
            FROM buckets b JOIN metrics m ON m.id = b.metric_id
            WHERE b.run_id IN {ids} AND b.level = @level {(names is null ? "" : $"AND m.name IN {list}")}
            ORDER BY b.run_id, b.metric_id, b.bucket
            """,
            row => (Name: row.GetString(1), Bucket: new BucketEntity
            {
                RunId = row.GetInt64(11),
                MetricId = row.GetInt32(0),
                Minimum = Sql.Double(row, 2),
                Maximum = Sql.Double(row, 3),
                FirstStep = Sql.Long(row, 4),
                FirstValue = Sql.Double(row, 5),
                LastStep = Sql.Long(row, 6),
                LastValue = Sql.Double(row, 7),
                Count = row.GetInt64(8),
                NotFinite = row.GetInt64(9),
                Bucket = row.GetInt64(10),
            }),
            cancellation,
            [("@level", Rollup.Levels), .. parameters, .. runParameters]);
        return rows.GroupBy(row => (row.Bucket.RunId, row.Name, row.Bucket.MetricId)).Select(series => Of(series.Key.RunId, series.Key.MetricId, series.Key.Name, [.. series.Select(row => row.Bucket)]));
    }

    private static MetricTop Of(long run, int metric, string name, List<BucketEntity> buckets)
    {
        var total = Rollup.Empty(run, Rollup.Levels, metric, 0);
        buckets.ForEach(bucket => Rollup.Add(total, bucket));

        var width = Rollup.Width(Rollup.Levels);
        var first = total.FirstStep ?? buckets[0].Bucket * width;
        var last = total.LastStep ?? ((buckets[^1].Bucket + 1) * width) - 1;
        return new MetricTop(run, metric, name, first, last, new MetricSummary(name, MetricName.Axis(name), total.Count, total.NotFinite, total.LastValue, total.Minimum, total.Maximum));
    }
}
