using System.Data.Common;
using System.Globalization;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Metrics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Migrations.Sqlite;

/// <summary>SQLite: one writer at a time, so its transactions (BEGIN IMMEDIATE) need no row locks.</summary>
internal sealed class SqliteDialect : DatabaseDialect
{
    private const string InsertPoint = """
        INSERT INTO points (run_id, metric_id, step, value, kind, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT DO NOTHING
        """;

    private const string InsertBucket = $"""
        INSERT INTO buckets (run_id, level, metric_id, bucket, minimum, maximum, first_step, first_value, last_step, last_value, count, not_finite)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        {BucketConflict}
        """;

    public override string Now => "(CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER) * 10000 + 621355968000000000)";

    public override string LockRow => "";

    public override string LockRunOrSkip => "";

    public override bool OneWriter => true;

    public override string ByIndex(string index) => $" INDEXED BY {index}";

    public override string JoinRuns(string question) => $"JOIN runs q ON q.id IN (SELECT q.id {question})";

    public override string LeftJoinFirst(string table, string alias, string question) => $"LEFT JOIN {table} {alias} ON {alias}.id = (SELECT x.id {question} LIMIT 1)";

    public override (string Condition, (string Name, object? Value)[] Parameters) OneOf<T>(string expression, string name, IEnumerable<T> values)
    {
        var (list, parameters) = Sql.In(name, values);
        return ($"{expression} IN {list}", parameters);
    }

    public override string? SerialiseClaims => null;

    public override Task<bool[]> WritePointsAsync(DbConnection connection, DbTransaction transaction, long run, IReadOnlyList<Point> points, CancellationToken cancellation)
    {
        using var statement = new PreparedStatement((SqliteConnection)connection, InsertPoint);
        var isNew = new bool[points.Count];
        statement.Bind(1, run);
        for (var i = 0; i < points.Count; i++)
        {
            var point = points[i];
            statement.Bind(2, point.MetricId);
            statement.Bind(3, point.Step);
            statement.Bind(4, point.Value);
            statement.Bind(5, (long)point.Kind);
            statement.Bind(6, point.At);
            isNew[i] = statement.Execute() == 1;
        }

        return Task.FromResult(isNew);
    }

    public override Task WriteBucketsAsync(DbConnection connection, DbTransaction transaction, long run, IReadOnlyList<BucketEntity> buckets, CancellationToken cancellation)
    {
        using var statement = new PreparedStatement((SqliteConnection)connection, InsertBucket);
        statement.Bind(1, run);
        foreach (var bucket in buckets)
        {
            statement.Bind(2, bucket.Level);
            statement.Bind(3, bucket.MetricId);
            statement.Bind(4, bucket.Bucket);
            statement.Bind(5, bucket.Minimum);
            statement.Bind(6, bucket.Maximum);
            statement.Bind(7, bucket.FirstStep);
            statement.Bind(8, bucket.FirstValue);
            statement.Bind(9, bucket.LastStep);
            statement.Bind(10, bucket.LastValue);
            statement.Bind(11, bucket.Count);
            statement.Bind(12, bucket.NotFinite);
            statement.Execute();
        }

        return Task.CompletedTask;
    }

    public override Task InsertAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<NewRows> rows, CancellationToken cancellation)
    {
        foreach (var some in rows)
        {
            var values = Enumerable.Range(1, some.Columns.Count).Select(column => string.Create(CultureInfo.InvariantCulture, $"?{column}")).Concat(some.Same.Select(column => column.Value));
            using var statement = new PreparedStatement((SqliteConnection)connection, $"INSERT INTO {some.Table} ({some.Names}) VALUES ({string.Join(", ", values)})");
            for (var row = 0; row < some.Count; row++)
            {
                for (var column = 0; column < some.Columns.Count; column++)
                {
                    Bind(statement, column + 1, some.Columns[column].Values, row);
                }

                statement.Execute();
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>As the provider writes them.</summary>
    private static void Bind(PreparedStatement statement, int parameter, Array values, int row)
    {
        switch (values)
        {
            case long[] numbers:
                statement.Bind(parameter, numbers[row]);
                break;
            case int[] numbers:
                statement.Bind(parameter, numbers[row]);
                break;
            case string?[] texts:
                statement.Bind(parameter, texts[row]);
                break;
            case Guid[] ids:
                statement.Bind(parameter, ids[row].ToString().ToUpperInvariant());
                break;
            default:
                throw new NotSupportedException($"A column of {values.GetType().GetElementType()} cannot be inserted.");
        }
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
    public override void Interrupt(DbConnection connection)
    {
        if (((SqliteConnection)connection).Handle is { IsInvalid: false, IsClosed: false } handle)
        {
            SQLitePCL.raw.sqlite3_interrupt(handle);
        }
    }

    public override bool IsTransient(Exception problem) => false;

    // 5 is SQLITE_BUSY, 6 SQLITE_LOCKED.
    public override bool IsBusy(Exception problem) => problem is SqliteException { SqliteErrorCode: 5 or 6 } || (problem.InnerException is { } inner && IsBusy(inner));

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
