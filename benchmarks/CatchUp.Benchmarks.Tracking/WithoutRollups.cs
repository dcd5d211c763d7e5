using System.Data.Common;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Metrics;

namespace CatchUp.Benchmarks.Tracking;

/// <summary>A database that keeps no buckets, to see what they cost. Nothing in the product is like it: a curve could not be drawn.</summary>
internal sealed class WithoutRollups(DatabaseDialect dialect) : DatabaseDialect
{
    public override string Now => dialect.Now;

    public override string LockRow => dialect.LockRow;

    public override string LockRunOrSkip => dialect.LockRunOrSkip;

    public override bool OneWriter => dialect.OneWriter;

    public override string ByIndex(string index) => dialect.ByIndex(index);

    public override string JoinRuns(string question) => dialect.JoinRuns(question);

    public override string LeftJoinFirst(string table, string alias, string question) => dialect.LeftJoinFirst(table, alias, question);

    public override (string Condition, (string Name, object? Value)[] Parameters) OneOf<T>(string expression, string name, IEnumerable<T> values) => dialect.OneOf(expression, name, values);

    public override string? SerialiseClaims => dialect.SerialiseClaims;

    public override Task<bool[]> WritePointsAsync(DbConnection connection, DbTransaction transaction, long run, IReadOnlyList<Point> points, CancellationToken cancellation)
        => dialect.WritePointsAsync(connection, transaction, run, points, cancellation);

    public override Task WriteBucketsAsync(DbConnection connection, DbTransaction transaction, long run, IReadOnlyList<BucketEntity> buckets, CancellationToken cancellation) => Task.CompletedTask;

    public override Task InsertAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<NewRows> rows, CancellationToken cancellation) => dialect.InsertAsync(connection, transaction, rows, cancellation);

    public override Task<IAsyncDisposable> LockMigrationsAsync(CatchUpContext context, CancellationToken cancellation) => dialect.LockMigrationsAsync(context, cancellation);

    public override void Interrupt(DbConnection connection) => dialect.Interrupt(connection);

    public override bool IsTransient(Exception problem) => dialect.IsTransient(problem);

    public override bool IsBusy(Exception problem) => dialect.IsBusy(problem);
}
