using System.Data.Common;
using CatchUp.Tracking.Metrics;

namespace CatchUp.Tracking.Database;

/// <summary>What the SQL of one provider says differently. Everything else is SQL both understand.</summary>
internal abstract class DatabaseDialect
{
    /// <summary>Adds a bucket to the one that is there; both providers understand it.</summary>
    protected const string BucketConflict = """
        ON CONFLICT (run_id, level, metric_id, bucket) DO UPDATE SET
          minimum = CASE WHEN excluded.minimum IS NULL OR buckets.minimum <= excluded.minimum THEN buckets.minimum ELSE excluded.minimum END,
          maximum = CASE WHEN excluded.maximum IS NULL OR buckets.maximum >= excluded.maximum THEN buckets.maximum ELSE excluded.maximum END,
          first_value = CASE WHEN excluded.first_step IS NULL OR buckets.first_step <= excluded.first_step THEN buckets.first_value ELSE excluded.first_value END,
          first_step = CASE WHEN excluded.first_step IS NULL OR buckets.first_step <= excluded.first_step THEN buckets.first_step ELSE excluded.first_step END,
          last_value = CASE WHEN excluded.last_step IS NULL OR buckets.last_step >= excluded.last_step THEN buckets.last_value ELSE excluded.last_value END,
          last_step = CASE WHEN excluded.last_step IS NULL OR buckets.last_step >= excluded.last_step THEN buckets.last_step ELSE excluded.last_step END,
          count = buckets.count + excluded.count,
          not_finite = buckets.not_finite + excluded.not_finite
        """;

    /// <summary>The database's own time in UTC ticks, as an SQL expression. Leases live in it, so that servers need not agree on the time.</summary>
    public abstract string Now { get; }

    /// <summary>Ends a SELECT whose row this transaction is going to change.</summary>
    public abstract string LockRow { get; }

    /// <summary>Ends the claim's SELECT: rows of the alias r that another transaction is changing are passed over.</summary>
    public abstract string LockRunOrSkip { get; }

    /// <summary>The database takes one writer at a time, so this process's writers queue up before it instead of asking it again and again.</summary>
    public abstract bool OneWriter { get; }

    /// <summary>Goes behind a table's name: read it by this index. SQLite's planner prefers an index on the state alone, and a claim then reads the whole queue again and again.</summary>
    public abstract string ByIndex(string index);

    /// <summary>Joins the runs that a question about the tables before it finds, under the name q. The question is what follows its SELECT list, about q.</summary>
    public abstract string JoinRuns(string question);

    /// <summary>Joins to each row of the tables before it the first row of a table that a question finds, or none. The question is what follows its SELECT list, about x, with its order.</summary>
    public abstract string LeftJoinFirst(string table, string alias, string question);

    /// <summary>The condition that an expression is one of the values, which are at most some thousands; none is one of no values.</summary>
    public abstract (string Condition, (string Name, object? Value)[] Parameters) OneOf<T>(string expression, string name, IEnumerable<T> values);

    /// <summary>Makes claims wait for each other, so that two of them cannot both take a sweep's last place; null where writers wait anyway.</summary>
    public abstract string? SerialiseClaims { get; }

    /// <summary>Inserts points that are not there yet.</summary>
    /// <returns>For each point whether it was new.</returns>
    public abstract Task<bool[]> WritePointsAsync(DbConnection connection, DbTransaction transaction, long run, IReadOnlyList<Point> points, CancellationToken cancellation);

    /// <summary>Adds buckets, no two of the same identity, to those that are there.</summary>
    public abstract Task WriteBucketsAsync(DbConnection connection, DbTransaction transaction, long run, IReadOnlyList<BucketEntity> buckets, CancellationToken cancellation);

    /// <summary>Inserts all of them in their order, on one way to the server.</summary>
    public abstract Task InsertAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<NewRows> rows, CancellationToken cancellation);

    /// <summary>Keeps other servers from migrating until disposed.</summary>
    public abstract Task<IAsyncDisposable> LockMigrationsAsync(CatchUpContext context, CancellationToken cancellation);

    /// <summary>Ends what the connection is just asking, from another thread; where a cancellation does that by itself, nothing.</summary>
    public abstract void Interrupt(DbConnection connection);

    /// <summary>The database undid the transaction for another's sake; the same again may well succeed.</summary>
    public abstract bool IsTransient(Exception problem);

    /// <summary>The transaction waited for another's locks until its patience ended.</summary>
    public abstract bool IsBusy(Exception problem);
}
