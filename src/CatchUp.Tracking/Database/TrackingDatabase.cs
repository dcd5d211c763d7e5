using System.Runtime.CompilerServices;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Database;

/// <summary>Opens contexts and transactions: one context an operation, all its writes in one transaction.</summary>
internal sealed class TrackingDatabase(IDbContextFactory<CatchUpContext> contexts, DatabaseDialect dialect)
{
    private const int Tries = 4;

    /// <summary>As long as SQLite itself waits for a writer of another process.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim? _writer = dialect.OneWriter ? new(1, 1) : null;

    public DatabaseDialect Dialect => dialect;

    public MetricIds Metrics { get; } = new();

    public async Task<T> ReadAsync<T>(Func<CatchUpContext, Task<T>> read, CancellationToken cancellation)
    {
        var context = await contexts.CreateDbContextAsync(cancellation);
        await using (context)
        {
            context.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
            return await read(context);
        }
    }

    /// <summary>Reads what someone made up, and gives up after a while.</summary>
    /// <exception cref="QuestionTooLongException">It takes longer than the patience.</exception>
    public Task<T> ReadAsync<T>(Func<CatchUpContext, CancellationToken, Task<T>> read, TimeSpan patience, CancellationToken cancellation) => ReadAsync(
        async context =>
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var connection = context.Database.GetDbConnection();
            await context.Database.OpenConnectionAsync(cancellation);
            await using (limit.Token.Register(() => dialect.Interrupt(connection)))
            {
                try
                {
                    limit.CancelAfter(patience);
                    return await read(context, limit.Token);
                }
                catch (Exception problem) when (limit.IsCancellationRequested)
                {
                    // Whatever a database says of a question that was broken off, the asker knows it by their own token.
                    cancellation.ThrowIfCancellationRequested();
                    throw new QuestionTooLongException(patience, problem);
                }
            }
        },
        cancellation);

    /// <summary>Runs the operation in a transaction and commits it. It is run again when the database chose it as a deadlock's victim, so it must have no effects of its own.</summary>
    /// <exception cref="DatabaseBusyException">Another process held the database for too long.</exception>
    public async Task<T> WriteAsync<T>(Func<CatchUpContext, Task<T>> write, CancellationToken cancellation)
    {
        if (_writer is null)
        {
            return await TryWriteAsync(write, cancellation);
        }

        // Waiting here costs nothing and is in order, while SQLite sleeps and tries again; and a connection that writes twice in a row still has its pages.
        if (!await _writer.WaitAsync(Patience, cancellation))
        {
            throw new DatabaseBusyException(new TimeoutException("Another writer of this process did not end."));
        }

        try
        {
            return await TryWriteAsync(write, cancellation);
        }
        finally
        {
            _writer.Release();
        }
    }

    private async Task<T> TryWriteAsync<T>(Func<CatchUpContext, Task<T>> write, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var context = await contexts.CreateDbContextAsync(cancellation);
            await using (context)
            {
                try
                {
                    // A failure undoes the transaction as a whole: nothing goes back to a savepoint, and each costs two questions to the server.
                    context.Database.AutoSavepointsEnabled = false;
                    var transaction = await context.Database.BeginTransactionAsync(cancellation);
                    await using (transaction)
                    {
                        var result = await write(context);
                        await context.SaveChangesAsync(cancellation);
                        await transaction.CommitAsync(cancellation);
                        return result;
                    }
                }
                catch (Exception problem) when (attempt < Tries && dialect.IsTransient(problem))
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(20 * attempt), cancellation);
                }
                catch (Exception problem) when (dialect.IsBusy(problem))
                {
                    throw new DatabaseBusyException(problem);
                }
            }
        }
    }

    /// <summary>The run, for this transaction to change; null when there is none.</summary>
    public async Task<RunEntity?> LockRunAsync(CatchUpContext context, long run, CancellationToken cancellation)
    {
        var sql = FormattableStringFactory.Create("SELECT * FROM runs WHERE id = {0}" + dialect.LockRow, run);
        var rows = await context.Runs.FromSql(sql).AsTracking().ToListAsync(cancellation);
        return rows.Count == 0 ? null : rows[0];
    }

    /// <summary>The attempt, for this transaction to change; null when there is none. Whoever locks both locks the attempt before the run.</summary>
    public async Task<AttemptEntity?> LockAttemptAsync(CatchUpContext context, long run, int number, CancellationToken cancellation)
    {
        var sql = FormattableStringFactory.Create("SELECT * FROM attempts WHERE run_id = {0} AND number = {1}" + dialect.LockRow, run, number);
        var rows = await context.Attempts.FromSql(sql).AsTracking().ToListAsync(cancellation);
        return rows.Count == 0 ? null : rows[0];
    }
}
