using System.Data.Common;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Metrics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Migrations.Sqlite;

/// <summary>SQLite: one writer at a time, so its transactions (BEGIN IMMEDIATE) need no row locks.</summary>
internal sealed class SqliteDialect : DatabaseDialect
{
    private const string InsertPoint = """
        INSERT INTO points (run_id, metric_id, step, value, kind, at) VALUES (@run, @metric, @step, @value, @kind, @at)
        ON CONFLICT DO NOTHING
        """;

    private const string InsertBucket = $"""
        INSERT INTO buckets (run_id, level, metric_id, bucket, minimum, maximum, first_step, first_value, last_step, last_value, count, not_finite)
        VALUES (@run, @level, @metric, @bucket, @minimum, @maximum, @first_step, @first_value, @last_step, @last_value, @count, @not_finite)
        {BucketConflict}
        """;

    public override string Now => "(CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER) * 10000 + 621355968000000000)";

    public override string LockRow => "";

    public override string LockRunOrSkip => "";

    public override string ByIndex(string index) => $" INDEXED BY {index}";

    public override string? SerialiseClaims => null;

    public override Task<bool[]> WritePointsAsync(DbConnection connection, DbTransaction transaction, long run, IReadOnlyList<Point> points, CancellationToken cancellation)
    {
        using var command = Prepare(connection, transaction, InsertPoint, "@run", "@metric", "@step", "@value", "@kind", "@at");
        var isNew = new bool[points.Count];
        command.Parameters[0].Value = run;
        for (var i = 0; i < points.Count; i++)
        {
            var point = points[i];
            command.Parameters[1].Value = point.MetricId;
            command.Parameters[2].Value = point.Step;
            command.Parameters[3].Value = (object?)point.Value ?? DBNull.Value;
            command.Parameters[4].Value = (short)point.Kind;
            command.Parameters[5].Value = point.At;
            isNew[i] = command.ExecuteNonQuery() == 1;
        }

        return Task.FromResult(isNew);
    }

    public override Task WriteBucketsAsync(DbConnection connection, DbTransaction transaction, long run, IReadOnlyList<BucketEntity> buckets, CancellationToken cancellation)
    {
        using var command = Prepare(
            connection, transaction, InsertBucket,
            "@run", "@level", "@metric", "@bucket", "@minimum", "@maximum", "@first_step", "@first_value", "@last_step", "@last_value", "@count", "@not_finite");
        command.Parameters[0].Value = run;
        foreach (var bucket in buckets)
        {
            command.Parameters[1].Value = bucket.Level;
            command.Parameters[2].Value = bucket.MetricId;
            command.Parameters[3].Value = bucket.Bucket;
            command.Parameters[4].Value = (object?)bucket.Minimum ?? DBNull.Value;
            command.Parameters[5].Value = (object?)bucket.Maximum ?? DBNull.Value;
            command.Parameters[6].Value = (object?)bucket.FirstStep ?? DBNull.Value;
            command.Parameters[7].Value = (object?)bucket.FirstValue ?? DBNull.Value;
            command.Parameters[8].Value = (object?)bucket.LastStep ?? DBNull.Value;
            command.Parameters[9].Value = (object?)bucket.LastValue ?? DBNull.Value;
            command.Parameters[10].Value = bucket.Count;
            command.Parameters[11].Value = bucket.NotFinite;
            command.ExecuteNonQuery();
        }

        return Task.CompletedTask;
    }

    public override async Task<IAsyncDisposable> LockMigrationsAsync(CatchUpContext context, CancellationToken cancellation)
    {
        // The host holds the home's lock, so nobody else migrates: a lock row in the database was left by a kill, and would be waited for without end.
        var left = await Sql.NumberAsync(context, "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '__EFMigrationsLock'", cancellation);
        if (left > 0)
        {
            await Sql.ExecuteAsync(context, "DELETE FROM \"__EFMigrationsLock\"", cancellation);
        }

        await context.Database.CloseConnectionAsync();
        return new Nothing();
    }

    // A transaction that has begun is the only writer. One that could not begin has waited long enough.
    public override bool IsTransient(Exception problem) => false;

    // 5 is SQLITE_BUSY, 6 SQLITE_LOCKED.
    public override bool IsBusy(Exception problem) => problem is SqliteException { SqliteErrorCode: 5 or 6 } || (problem.InnerException is { } inner && IsBusy(inner));

    private static SqliteCommand Prepare(DbConnection connection, DbTransaction transaction, string text, params string[] parameters)
    {
        var command = ((SqliteConnection)connection).CreateCommand();
        command.Transaction = (SqliteTransaction)transaction;
        command.CommandText = text;
        foreach (var name in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
