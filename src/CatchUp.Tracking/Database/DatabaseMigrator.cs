using CatchUp.Tracking.Configurations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace CatchUp.Tracking.Database;

/// <summary>Brings the database to this version's schema, once, before anything else touches it.</summary>
public sealed partial class DatabaseMigrator
{
    private readonly IDbContextFactory<CatchUpContext> _contexts;
    private readonly DatabaseDialect _dialect;
    private readonly ILogger<DatabaseMigrator> _logger;

    internal DatabaseMigrator(IDbContextFactory<CatchUpContext> contexts, DatabaseDialect dialect, ILogger<DatabaseMigrator> logger)
    {
        _contexts = contexts;
        _dialect = dialect;
        _logger = logger;
    }

    /// <exception cref="DatabaseTooNewException">A newer version has changed the database.</exception>
    public async Task MigrateAsync(CancellationToken cancellation)
    {
        var context = await _contexts.CreateDbContextAsync(cancellation);
        await using (context)
        {
            var migrations = await _dialect.LockMigrationsAsync(context, cancellation);
            await using (migrations)
            {
                var known = context.Database.GetMigrations().ToHashSet();
                var applied = (await context.Database.GetAppliedMigrationsAsync(cancellation)).ToList();
                if (applied.Find(name => !known.Contains(name)) is { } unknown)
                {
                    throw new DatabaseTooNewException(unknown);
                }

                if (applied.Count < known.Count)
                {
                    Log.Migrating(_logger, known.Count - applied.Count);
                    await context.Database.MigrateAsync(cancellation);
                }

                await IndexConfigurationsAsync(context, cancellation);
            }
        }
    }

    /// <summary>Runs of a version that kept no configurations beside them. There are none after the first start.</summary>
    private static async Task IndexConfigurationsAsync(CatchUpContext context, CancellationToken cancellation)
    {
        int indexed;
        do
        {
            var transaction = await context.Database.BeginTransactionAsync(cancellation);
            await using (transaction)
            {
                indexed = await ConfigurationIndex.BackfillAsync(context, cancellation);
                await transaction.CommitAsync(cancellation);
            }
        }
        while (indexed > 0);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Bringing the database to this version: {Count} migrations to apply")]
        public static partial void Migrating(ILogger logger, int count);
    }
}
