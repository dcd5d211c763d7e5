using System.Data.Common;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace CatchUp.Migrations.PostgreSql;

/// <summary>PostgreSQL: many writers at READ COMMITTED, kept apart by row locks and two advisory locks.</summary>
internal sealed class PostgreSqlDialect : DatabaseDialect
{
    // "CUclaim", "CUmigrat" in ASCII: any two numbers nobody else uses.
    private const long ClaimKey = 0x4355636c61696d;
    private const long MigrationKey = 0x43556d6967726174;

    private const string InsertPoints = """
        INSERT INTO points (run_id, metric_id, step, value, kind, at)
        SELECT @run, p.metric_id, p.step, p.value, p.kind, p.at
        FROM unnest(@metrics, @steps, @values, @kinds, @ats) AS p (metric_id, step, value, kind, at)
        ON CONFLICT DO NOTHING
        RETURNING metric_id, step
        """;

    private const string InsertBuckets = $"""
        INSERT INTO buckets (run_id, level, metric_id, bucket, minimum, maximum, first_step, first_value, last_step, last_value, count, not_finite)
        SELECT @run, b.*
        FROM unnest(@levels, @metrics, @buckets, @minima, @maxima, @first_steps, @first_values, @last_steps, @last_values, @counts, @not_finite) AS b
        {BucketConflict}
        """;

    public override string Now => "((EXTRACT(EPOCH FROM clock_timestamp()) * 10000000)::bigint + 621355968000000000)";

    public override string LockRow => " FOR UPDATE";

    public override string LockRunOrSkip => " FOR UPDATE OF r SKIP LOCKED";

    public override bool OneWriter => false;

    public override string ByIndex(string index) => "";

    public override string JoinRuns(string question) => $"JOIN LATERAL (SELECT q.* {question}) q ON TRUE";

    // Joined by its id the planner would hash the whole table, and ask for each row's id twice.
    public override string LeftJoinFirst(string table, string alias, string question) => $"LEFT JOIN LATERAL (SELECT x.* {question} LIMIT 1) {alias} ON TRUE";

    // One parameter, however many values: a list of sixty takes longer to parse and plan than to look up.
    public override (string Condition, (string Name, object? Value)[] Parameters) OneOf<T>(string expression, string name, IEnumerable<T> values)
        => ($"{expression} = ANY(@{name})", [($"@{name}", values.ToArray())]);

    public override string? SerialiseClaims => $"SELECT pg_advisory_xact_lock({ClaimKey})";

    public override async Task<bool[]> WritePointsAsync(DbConnection connection, DbTransaction transaction, long run, IReadOnlyList<Point> points, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(InsertPoints, (NpgsqlConnection)connection, (NpgsqlTransaction)transaction);
        await using (command)
        {
            command.Parameters.AddWithValue("run", run);
            command.Parameters.AddWithValue("metrics", points.Select(point => point.MetricId).ToArray());
            command.Parameters.AddWithValue("steps", points.Select(point => point.Step).ToArray());
            command.Parameters.AddWithValue("values", points.Select(point => point.Value).ToArray());
            command.Parameters.AddWithValue("kinds", points.Select(point => (short)point.Kind).ToArray());
            command.Parameters.AddWithValue("ats", points.Select(point => point.At).ToArray());
            await command.PrepareAsync(cancellation);
            var inserted = new HashSet<(int, long)>(points.Count);
            var reader = await command.ExecuteReaderAsync(cancellation);
            await using (reader)
            {
                while (await reader.ReadAsync(cancellation))
                {
                    inserted.Add((reader.GetInt32(0), reader.GetInt64(1)));
                }
            }

            // Of two points of one batch at the same place the first was taken.
            return inserted.Count == points.Count ? All(points.Count) : [.. points.Select(point => inserted.Remove((point.MetricId, point.Step)))];
        }
    }

    public override async Task WriteBucketsAsync(DbConnection connection, DbTransaction transaction, long run, IReadOnlyList<BucketEntity> buckets, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(InsertBuckets, (NpgsqlConnection)connection, (NpgsqlTransaction)transaction);
        await using (command)
        {
            command.Parameters.AddWithValue("run", run);
            command.Parameters.AddWithValue("levels", buckets.Select(bucket => bucket.Level).ToArray());
            command.Parameters.AddWithValue("metrics", buckets.Select(bucket => bucket.MetricId).ToArray());
            command.Parameters.AddWithValue("buckets", buckets.Select(bucket => bucket.Bucket).ToArray());
            command.Parameters.AddWithValue("minima", buckets.Select(bucket => bucket.Minimum).ToArray());
            command.Parameters.AddWithValue("maxima", buckets.Select(bucket => bucket.Maximum).ToArray());
            command.Parameters.AddWithValue("first_steps", buckets.Select(bucket => bucket.FirstStep).ToArray());
            command.Parameters.AddWithValue("first_values", buckets.Select(bucket => bucket.FirstValue).ToArray());
            command.Parameters.AddWithValue("last_steps", buckets.Select(bucket => bucket.LastStep).ToArray());
            command.Parameters.AddWithValue("last_values", buckets.Select(bucket => bucket.LastValue).ToArray());
            command.Parameters.AddWithValue("counts", buckets.Select(bucket => bucket.Count).ToArray());
            command.Parameters.AddWithValue("not_finite", buckets.Select(bucket => bucket.NotFinite).ToArray());
            await command.PrepareAsync(cancellation);
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    public override async Task InsertAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<NewRows> rows, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand { Connection = (NpgsqlConnection)connection, Transaction = (NpgsqlTransaction)transaction };
        await using (command)
        {
            var texts = new List<string>();
            foreach (var some in rows)
            {
                var names = some.Columns.Select(column => (Name: $"{some.Table}_{column.Name}", column.Values)).ToList();
                names.ForEach(column => command.Parameters.AddWithValue(column.Name, column.Values));
                texts.Add($"INSERT INTO {some.Table} ({some.Names}) SELECT {string.Join(", ", ["n.*", .. some.Same.Select(column => column.Value)])} FROM unnest({string.Join(", ", names.Select(column => "@" + column.Name))}) AS n");
            }

            command.CommandText = string.Join(";\n", texts);
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static bool[] All(int count)
    {
        var all = new bool[count];
        Array.Fill(all, true);
        return all;
    }

    public override async Task<IAsyncDisposable> LockMigrationsAsync(CatchUpContext context, CancellationToken cancellation)
    {
        var creator = context.GetService<IRelationalDatabaseCreator>();
        if (!await creator.ExistsAsync(cancellation))
        {
            try
            {
                await creator.CreateAsync(cancellation);
            }
            catch (PostgresException problem) when (problem.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
            {
                // Another server that starts at the same time has just made it.
            }
        }

        // Of the session, not of a transaction: it spans all migrations, on a connection of its own, and a killed server's goes with its connection.
        // Not pooled: a pooled connection would keep the lock while it idles.
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(context.Database.GetConnectionString()) { Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            var command = new NpgsqlCommand($"SELECT pg_advisory_lock({MigrationKey})", connection) { CommandTimeout = 0 };
            await using (command)
            {
                await command.ExecuteNonQueryAsync(cancellation);
            }

            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override void Interrupt(DbConnection connection)
    {
    }

    public override bool IsTransient(Exception problem)
        => problem is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure }
            || (problem.InnerException is { } inner && IsTransient(inner));

    public override bool IsBusy(Exception problem)
        => problem is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } or NpgsqlException { InnerException: TimeoutException }
            || (problem.InnerException is { } inner && IsBusy(inner));
}
