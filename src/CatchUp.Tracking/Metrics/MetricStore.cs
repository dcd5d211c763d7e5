using CatchUp.Tracking.Database;

namespace CatchUp.Tracking.Metrics;

/// <summary>Reads metric curves.</summary>
public sealed class MetricStore
{
    public const int MaximumBuckets = 2000;

    private const int MaximumNames = 500;

    private readonly TrackingDatabase _database;

    internal MetricStore(TrackingDatabase database) => _database = database;

    public Task<IReadOnlyList<MetricSummary>> SummariesAsync(long run, CancellationToken cancellation)
        => _database.ReadAsync<IReadOnlyList<MetricSummary>>(
            async context =>
            {
                var tops = await TopsAsync(context, run, null, cancellation);
                return [.. tops.OrderBy(top => top.Name, StringComparer.Ordinal).Select(top => top.Summary)];
            },
            cancellation);

    /// <summary>Names of the metrics that any of the runs has, in alphabetical order.</summary>
    public Task<IReadOnlyList<string>> NamesAsync(IReadOnlyList<long> runs, CancellationToken cancellation) => _database.ReadAsync<IReadOnlyList<string>>(
        async context =>
        {
            var names = new SortedSet<string>(StringComparer.Ordinal);
            foreach (var chunk in runs.Distinct().Chunk(500))
            {
                var (list, parameters) = Sql.In("run", chunk);
                names.UnionWith(await Sql.ListAsync(
                    context,
                    $"SELECT name FROM metrics WHERE id IN (SELECT metric_id FROM buckets WHERE level = @level AND run_id IN {list})",
                    row => row.GetString(0),
                    cancellation,
                    [("@level", Rollup.Levels), .. parameters]));
            }

            return [.. names];
        },
        cancellation);

    /// <summary>Curves between two steps (null: from the beginning, to the end), each in at most <paramref name="buckets"/> exact buckets. Unknown names are left out.</summary>
    public Task<IReadOnlyList<MetricSeries>> SeriesAsync(long run, IReadOnlyList<string> names, long? from, long? to, int buckets, CancellationToken cancellation)
    {
        var limit = Math.Clamp(buckets, 1, MaximumBuckets);
        return _database.ReadAsync<IReadOnlyList<MetricSeries>>(
            async context =>
            {
                var tops = (await TopsAsync(context, run, [.. names.Distinct(StringComparer.Ordinal).Take(MaximumNames)], cancellation)).ToDictionary(top => top.Name, StringComparer.Ordinal);
                var series = new List<MetricSeries>();
                foreach (var name in names.Distinct(StringComparer.Ordinal))
                {
                    if (tops.TryGetValue(name, out var top))
                    {
                        series.Add(await SeriesAsync(context, run, top, Math.Max(from ?? 0, 0), to ?? long.MaxValue, limit, cancellation));
                    }
                }

                return series;
            },
            cancellation);
    }

    /// <summary>
    /// The finest level that fits. It is guessed from the density of the whole series, so that one range query is enough for evenly spaced points;
    /// a wrong guess is noticed by the number of rows and mended.
    /// </summary>
    private static async Task<MetricSeries> SeriesAsync(CatchUpContext context, long run, Top top, long from, long to, int limit, CancellationToken cancellation)
    {
        var level = Guess(top, from, to, limit);
        var rows = await RowsAsync(context, run, top.Metric, level, from, to, limit, cancellation);
        while (rows.Count > limit && level < Rollup.Levels)
        {
            rows = await RowsAsync(context, run, top.Metric, ++level, from, to, limit, cancellation);
        }

        while (level > 0 && rows.Count <= limit)
        {
            var finer = await FinerAsync(context, run, top.Metric, level, rows, from, to, limit, cancellation);
            if (finer is null)
            {
                break;
            }

            (level, rows) = (level - 1, finer);
        }

        var width = Rollup.Width(level);
        if (rows.Count > limit)
        {
            (width, rows) = await CoarserAsync(context, run, top.Metric, from, to, limit, cancellation);
        }

        var points = rows.ConvertAll(row => new MetricBucket(row.Bucket * width, row.Minimum, row.Maximum, row.FirstValue, row.LastValue, row.Count, row.NotFinite));
        return new MetricSeries(run, top.Name, MetricName.Axis(top.Name), (int)Math.Min(width, int.MaxValue), points, top.Summary.Count);
    }

    private static int Guess(Top top, long from, long to, int limit)
    {
        var (first, last) = (Math.Max(from, top.FirstStep), Math.Min(to, top.LastStep));
        if (first > last)
        {
            return 0;
        }

        var points = top.Summary.Count * (last - first + 1.0) / (top.LastStep - top.FirstStep + 1);
        var level = 0;
        while (level < Rollup.Levels && Math.Min(points, (last / Rollup.Width(level)) - (first / Rollup.Width(level)) + 1) > limit)
        {
            level++;
        }

        return level;
    }

    /// <summary>The level below, when it fits too. A quarter full is the most that a level can be whose finer one fits surely; fuller ones are not tried in vain more than once.</summary>
    private static async Task<List<BucketEntity>?> FinerAsync(CatchUpContext context, long run, int metric, int level, List<BucketEntity> rows, long from, long to, int limit, CancellationToken cancellation)
    {
        // Below the first level are the points themselves, and a level's counts tell how many.
        if (level == 1 ? rows.Sum(row => row.Count) > limit + (2 * Rollup.Fan) : rows.Count * Rollup.Fan > limit * 2)
        {
            return null;
        }

        var finer = await RowsAsync(context, run, metric, level - 1, from, to, limit, cancellation);
        return finer.Count <= limit ? finer : null;
    }

    /// <summary>Few buckets asked of a very long series: the top level's, several at a time.</summary>
    private static async Task<(long Width, List<BucketEntity> Rows)> CoarserAsync(CatchUpContext context, long run, int metric, long from, long to, int limit, CancellationToken cancellation)
    {
        var rows = await RowsAsync(context, run, metric, Rollup.Levels, from, to, int.MaxValue - 1, cancellation);
        var width = Rollup.Width(Rollup.Levels);
        while (rows.Count > limit)
        {
            width *= Rollup.Fan;
            var merged = new List<BucketEntity>();
            foreach (var row in rows)
            {
                if (merged.Count == 0 || merged[^1].Bucket != row.Bucket / Rollup.Fan)
                {
                    merged.Add(Rollup.Empty(run, 0, metric, row.Bucket / Rollup.Fan));
                }

                Rollup.Add(merged[^1], row);
            }

            rows = merged;
        }

        return (width, rows);
    }

    /// <returns>One bucket more than the limit when there are more.</returns>
    private static async Task<List<BucketEntity>> RowsAsync(CatchUpContext context, long run, int metric, int level, long from, long to, int limit, CancellationToken cancellation)
    {
        var buckets = new List<BucketEntity>();
        var (source, width) = (Rollup.Source(level), Rollup.Width(level));

        // Whole buckets of the level, made of as many rows each as the level below has for one; and rows enough for one bucket too many.
        var unit = Rollup.Width(source);
        var (first, last) = (from / width * width / unit, ((to / width * width) + (width - 1)) / unit);
        (string, object?)[] parameters = [("@run", run), ("@level", source), ("@metric", metric), ("@from", first), ("@to", last), ("@limit", (limit + 1L) * (width / unit))];
        if (source == 0)
        {
            await Sql.ReadAsync(
                context, "SELECT step, value FROM points WHERE run_id = @run AND metric_id = @metric AND step BETWEEN @from AND @to ORDER BY step LIMIT @limit",
                row =>
                {
                    var step = row.GetInt64(0);
                    Rollup.Add(BucketOf(step), step, Sql.Double(row, 1));
                },
                cancellation, parameters);
            return buckets;
        }

        var part = Rollup.Empty(run, source, metric, 0);
        await Sql.ReadAsync(
            context,
            """
            SELECT bucket, minimum, maximum, first_step, first_value, last_step, last_value, count, not_finite FROM buckets
            WHERE run_id = @run AND level = @level AND metric_id = @metric AND bucket BETWEEN @from AND @to ORDER BY bucket LIMIT @limit
            """,
            row =>
            {
                part.Bucket = row.GetInt64(0);
                part.Count = row.GetInt64(7);
                part.NotFinite = row.GetInt64(8);
                part.FirstStep = Sql.Long(row, 3);
                if (part.FirstStep is not null)
                {
                    (part.Minimum, part.Maximum) = (row.GetDouble(1), row.GetDouble(2));
                    (part.FirstValue, part.LastStep, part.LastValue) = (row.GetDouble(4), row.GetInt64(5), row.GetDouble(6));
                }

                Rollup.Add(BucketOf(part.Bucket * unit), part);
            },
            cancellation, parameters);
        return buckets;

        BucketEntity BucketOf(long step)
        {
            if (buckets.Count == 0 || buckets[^1].Bucket != step / width)
            {
                buckets.Add(Rollup.Empty(run, level, metric, step / width));
            }

            return buckets[^1];
        }
    }

    /// <summary>What the top level's few buckets say about each metric.</summary>
    private static async Task<List<Top>> TopsAsync(CatchUpContext context, long run, string[]? names, CancellationToken cancellation)
    {
        var (list, parameters) = Sql.In("name", names ?? []);
        var rows = await Sql.ListAsync(
            context,
            $"""
            SELECT b.metric_id, m.name, b.minimum, b.maximum, b.first_step, b.first_value, b.last_step, b.last_value, b.count, b.not_finite, b.bucket
            FROM buckets b JOIN metrics m ON m.id = b.metric_id
            WHERE b.run_id = @run AND b.level = @level {(names is null ? "" : $"AND m.name IN {list}")}
            ORDER BY b.metric_id, b.bucket
            """,
            row => (Name: row.GetString(1), Bucket: new BucketEntity
            {
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
            [("@run", run), ("@level", Rollup.Levels), .. parameters]);

        var tops = new List<Top>();
        foreach (var metric in rows.GroupBy(row => (row.Name, row.Bucket.MetricId)))
        {
            var total = Rollup.Empty(run, Rollup.Levels, metric.Key.MetricId, 0);
            foreach (var (_, bucket) in metric)
            {
                Rollup.Add(total, bucket);
            }

            var width = Rollup.Width(Rollup.Levels);
            var first = total.FirstStep ?? metric.First().Bucket.Bucket * width;
            var last = total.LastStep ?? ((metric.Last().Bucket.Bucket + 1) * width) - 1;
            var summary = new MetricSummary(metric.Key.Name, MetricName.Axis(metric.Key.Name), total.Count, total.NotFinite, total.LastValue, total.Minimum, total.Maximum);
            tops.Add(new Top(metric.Key.MetricId, metric.Key.Name, first, last, summary));
        }

        return tops;
    }

    private sealed record Top(int Metric, string Name, long FirstStep, long LastStep, MetricSummary Summary);
}
