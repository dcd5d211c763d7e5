using CatchUp.Tracking.Database;
using CatchUp.Tracking.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Tests.Database;

public sealed class DatabaseMigratorTests
{
    [Theory, OnBothDatabases]
    public async Task Migrate_empty_database_applies_all_and_is_harmless_again(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind, migrate: false);
        var migrator = world.Get<DatabaseMigrator>();
        await migrator.MigrateAsync(TestWorld.Cancellation);
        await migrator.MigrateAsync(TestWorld.Cancellation);

        await using var context = await world.ContextAsync();
        Assert.Empty(await context.Database.GetPendingMigrationsAsync(TestWorld.Cancellation));
        Assert.False(context.Database.HasPendingModelChanges(), "An entity was changed without a migration: run migrations/add.sh NAME.");
        Assert.Equal(0, await context.Points.CountAsync(TestWorld.Cancellation));
        Assert.Equal(0, await context.Buckets.CountAsync(TestWorld.Cancellation));
    }

    [Theory, OnBothDatabases]
    public async Task Migrate_database_of_a_newer_version_is_refused_in_words(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.ExecuteAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_FromTheFuture', '99.0')");

        var problem = await Assert.ThrowsAsync<DatabaseTooNewException>(() => world.Get<DatabaseMigrator>().MigrateAsync(TestWorld.Cancellation));

        Assert.Contains("29990101000000_FromTheFuture", problem.Message, StringComparison.Ordinal);
        Assert.Contains("newer than this program", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_sqlite_lock_row_left_by_a_kill_is_cleared()
    {
        await using var world = await TestWorld.CreateAsync(DatabaseKind.Sqlite, migrate: false);
        await world.ExecuteAsync("CREATE TABLE \"__EFMigrationsLock\" (\"Id\" INTEGER NOT NULL PRIMARY KEY, \"Timestamp\" TEXT NOT NULL)");
        await world.ExecuteAsync("INSERT INTO \"__EFMigrationsLock\" VALUES (1, '2026-01-01')");

        await world.Get<DatabaseMigrator>().MigrateAsync(TestWorld.Cancellation);

        await using var context = await world.ContextAsync();
        Assert.Empty(await context.Database.GetPendingMigrationsAsync(TestWorld.Cancellation));
    }

    [Fact]
    public async Task Migrate_several_servers_at_once_do_it_once()
    {
        await using var world = await TestWorld.CreateAsync(DatabaseKind.PostgreSql, migrate: false);
        var migrator = world.Get<DatabaseMigrator>();
        await using (var context = await world.ContextAsync())
        {
            // The database itself is made first: what is raced for here is the schema.
            await using var made = await world.Get<DatabaseDialect>().LockMigrationsAsync(context, TestWorld.Cancellation);
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => migrator.MigrateAsync(TestWorld.Cancellation)));

        Assert.Equal(0, await world.ReadAsync(context => context.Runs.CountAsync(TestWorld.Cancellation)));
    }

    [Fact]
    public async Task Sqlite_connections_write_ahead_and_through_to_the_disk()
    {
        await using var world = await TestWorld.CreateAsync(DatabaseKind.Sqlite);
        await using var context = await world.ContextAsync();
        var mode = await Sql.ListAsync(context, "PRAGMA journal_mode", row => row.GetString(0), TestWorld.Cancellation);
        Assert.Equal(["wal"], mode);
        Assert.Equal(2, await Sql.NumberAsync(context, "PRAGMA synchronous", TestWorld.Cancellation));
        Assert.Equal(1, await Sql.NumberAsync(context, "PRAGMA foreign_keys", TestWorld.Cancellation));
    }

    [Theory, OnBothDatabases]
    public async Task Database_time_is_utc_ticks(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await using var context = await world.ContextAsync();
        var before = DateTimeOffset.UtcNow.AddSeconds(-1).UtcTicks;
        var now = await Sql.NowAsync(context, world.Get<DatabaseDialect>(), TestWorld.Cancellation);
        Assert.InRange(now, before, DateTimeOffset.UtcNow.AddSeconds(1).UtcTicks);
    }
}
