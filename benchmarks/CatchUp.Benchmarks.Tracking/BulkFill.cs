using System.Diagnostics;
using CatchUp.Migrations.PostgreSql;
using CatchUp.Migrations.Sqlite;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;

namespace CatchUp.Benchmarks.Tracking;

/// <summary>
/// Fills a database with runs (<see cref="SyntheticRuns"/>) and their points, fast: a transaction a run, COPY on PostgreSQL, prepared statements on SQLite.
/// The roll-ups are those that ingest would have made. All of it is in the project <c>synthetic</c>, so that nobody takes it for results.
/// </summary>
internal static class BulkFill
{
    public const string Project = "synthetic";
    private const int MetricsPerRun = 20;

    /// <summary>Into a file or a server of the caller's choice; migrates first.</summary>
    public static async Task FillAsync(string target, Options options, CancellationToken cancellation)
    {
        var services = new ServiceCollection().AddLogging();
        if (target.Contains("Host=", StringComparison.OrdinalIgnoreCase))
        {
            services.AddPostgreSqlDatabase(target);
        }
        else
        {
            services.AddSqliteDatabase(target);
        }

        services.AddSingleton<TrackingDatabase>();
        services.AddSingleton(p => new DatabaseMigrator(p.GetRequiredService<IDbContextFactory<CatchUpContext>>(), p.GetRequiredService<DatabaseDialect>(), p.GetRequiredService<Microsoft.Extensions.Logging.ILogger<DatabaseMigrator>>()));
        var provider = services.BuildServiceProvider();
        await using (provider)
        {
            await provider.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellation);
            var database = provider.GetRequiredService<TrackingDatabase>();
            await FillAsync(database, options.Runs, options.Points, cancellation);
            await SyntheticRuns.WriteWaitingAsync(database, options.Runs / 20, DateTimeOffset.UtcNow, cancellation);
        }
    }

    /// <returns>The runs' ids.</returns>
    public static async Task<IReadOnlyList<long>> FillAsync(TrackingDatabase database, int count, long points, CancellationToken cancellation)
    {
        var now = DateTimeOffset.UtcNow.UtcTicks;
        var runs = await SyntheticRuns.WriteAsync(database, count, new DateTimeOffset(now, TimeSpan.Zero), cancellation);
        var metrics = await database.WriteAsync(context => database.Metrics.OfAsync(context, Enumerable.Range(0, MetricsPerRun).Select(Name), cancellation), cancellation);
        var clock = Stopwatch.StartNew();
        var written = 0L;
        for (var index = 0; index < count; index++)
        {
            // What does not divide is in the first runs.
            var share = (points / count) + (index < points % count ? 1 : 0);
            var run = runs[index];
            await database.WriteAsync(
                async context =>
                {
                    for (var metric = 0; metric < MetricsPerRun; metric++)
                    {
                        await WriteAsync(context, database.Dialect, run, metrics[Name(metric)], (share / MetricsPerRun) + (metric < share % MetricsPerRun ? 1 : 0), now, cancellation);
                    }

                    return 0;
                },
                cancellation);
            written += share;
            if ((index + 1) % Math.Max(1, count / 20) == 0)
            {
                await Console.Error.WriteLineAsync(FormattableString.Invariant($"{written:N0} points in {index + 1:N0} runs, {written / clock.Elapsed.TotalSeconds:N0} a second"));
            }
        }

        return runs;
    }

    public static string Name(int metric) => metric == 0 ? MetricName.Loss : FormattableString.Invariant($"synthetic/metric_{metric}");

    /// <summary>A curve that falls with noise on it; the same for the same run, metric and step.</summary>
    public static double Value(long run, int metric, long step)
    {
        var bits = (ulong)((run * 1_000_003) + (metric * 7919) + step) * 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 31)) * 0xBF58476D1CE4E5B9;
        return (1.0 / (1 + (step / 1000.0))) + ((bits >> 11) * (0.1 / (1UL << 53)));
    }

    private static async Task WriteAsync(CatchUpContext context, DatabaseDialect dialect, long run, int metric, long steps, long now, CancellationToken cancellation)
    {
        var connection = context.Database.GetDbConnection();
        var transaction = context.Database.CurrentTransaction!.GetDbTransaction();
        const int Most = 100_000;
        for (var from = 0L; from < steps; from += Most)
        {
            var part = new List<Point>();
            for (var step = from; step < Math.Min(steps, from + Most); step++)
            {
                part.Add(Point.From(metric, step, Value(run, metric, step), now));
            }

            if (connection is NpgsqlConnection server)
            {
                await CopyAsync(server, run, part, cancellation);
            }
            else
            {
                await dialect.WritePointsAsync(connection, transaction, run, part, cancellation);
            }

            await dialect.WriteBucketsAsync(connection, transaction, run, PointWriter.Buckets(run, part), cancellation);
        }
    }

    private static async Task CopyAsync(NpgsqlConnection connection, long run, List<Point> points, CancellationToken cancellation)
    {
        var copy = await connection.BeginBinaryImportAsync("COPY points (run_id, step, at, value, metric_id, kind) FROM STDIN (FORMAT BINARY)", cancellation);
        await using (copy)
        {
            foreach (var point in points)
            {
                await copy.StartRowAsync(cancellation);
                await copy.WriteAsync(run, NpgsqlDbType.Bigint, cancellation);
                await copy.WriteAsync(point.Step, NpgsqlDbType.Bigint, cancellation);
                await copy.WriteAsync(point.At, NpgsqlDbType.Bigint, cancellation);
                await copy.WriteAsync(point.Value!.Value, NpgsqlDbType.Double, cancellation);
                await copy.WriteAsync(point.MetricId, NpgsqlDbType.Integer, cancellation);
                await copy.WriteAsync((short)point.Kind, NpgsqlDbType.Smallint, cancellation);
            }

            await copy.CompleteAsync(cancellation);
        }
    }
}
