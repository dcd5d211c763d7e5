using CatchUp.Tracking.Database;

namespace CatchUp.Tracking.Metrics;

/// <summary>Reads metric curves.</summary>
public sealed class MetricStore
{
    public const int MaximumBuckets = 2000;

    /// <summary>Raw points in one answer.</summary>
    public const int MaximumPoints = 50_000;

    private const int MaximumNames = 500;

    private readonly TrackingDatabase _database;

    internal MetricStore(TrackingDatabase database) => _database = database;

    public Task<IReadOnlyList<MetricSummary>> SummariesAsync(long run, CancellationToken cancellation)
        => _database.ReadAsync<IReadOnlyList<MetricSummary>>(
            async context =>
            {
                var tops = await MetricTop.ReadAsync(context, [run], null, cancellation);
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
        string[] wanted = [.. names.Distinct(StringComparer.Ordinal)];
        return _database.ReadAsync<IReadOnlyList<MetricSeries>>(
            async context =>
            {
                var tops = (await MetricTop.ReadAsync(context, [run], [.. wanted.Take(MaximumNames)], cancellation)).ToDictionary(top => top.Name, StringComparer.Ordinal);
                List<SeriesPart> parts = [.. wanted.Where(tops.ContainsKey).Select(name => new SeriesPart(tops[name], Math.Max(from ?? 0, 0), to ?? long.MaxValue))];
                await BucketReading.ReadAsync(context, parts.ConvertAll(part => new[] { part }), limit, cancellation);
                return parts.ConvertAll(part => new MetricSeries(
                    run, part.Top.Name, MetricName.Axis(part.Top.Name), (int)Math.Min(part.Width, int.MaxValue),
                    part.Buckets.ConvertAll(bucket => new MetricBucket(bucket.Bucket * part.Width, bucket.Minimum, bucket.Maximum, bucket.FirstValue, bucket.LastValue, bucket.Count, bucket.NotFinite)),
                    part.Top.Summary.Count));
            },
            cancellation);
    }

    /// <summary>Curves of one metric of several runs over any axis; runs without a point are left out. The others come in the order they were asked for in.</summary>
    public Task<IReadOnlyList<Curve>> CurvesAsync(CurveQuestion question, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(question);
        return _database.ReadAsync(context => CurveReading.ReadAsync(context, question, cancellation), cancellation);
    }

    /// <summary>Points as they were logged, after a step, in order.</summary>
    public Task<IReadOnlyList<RawPoint>> PointsAsync(long run, string metric, long after, int limit, CancellationToken cancellation) => _database.ReadAsync<IReadOnlyList<RawPoint>>(
        async context => await Sql.ListAsync(
            context,
            "SELECT step, value, kind, at FROM points WHERE run_id = @run AND metric_id = (SELECT id FROM metrics WHERE name = @name) AND step > @after ORDER BY step LIMIT @limit",
            row => new RawPoint(row.GetInt64(0), Point.ValueOf(Sql.Double(row, 1), (PointKind)row.GetInt16(2)), new DateTimeOffset(row.GetInt64(3), TimeSpan.Zero)),
            cancellation,
            ("@run", run), ("@name", metric), ("@after", after), ("@limit", Math.Clamp(limit, 1, MaximumPoints))),
        cancellation);
}
