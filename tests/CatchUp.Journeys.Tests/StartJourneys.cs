using System.Globalization;
using CatchUp.Journeys.Tests.Platform;
using Microsoft.Data.Sqlite;

namespace CatchUp.Journeys.Tests;

/// <summary>Starting the product, and starting it where it cannot start.</summary>
public sealed class StartJourneys(ITestOutputHelper output)
{
    [Fact]
    public async Task A_second_start_on_a_locked_home_says_so_in_one_line()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        await using var first = new PlatformProcess(home.Path);
        await first.StartAsync(cancellation);
        await using var second = new PlatformProcess(home.Path);

        var status = await second.RunToEndAsync(cancellation);

        Assert.Equal(1, status);
        var line = Assert.Single(second.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(home.Path, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_on_a_busy_port_says_so_in_one_line()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        using var otherHome = new TemporaryFolder();
        await using var first = new PlatformProcess(home.Path);
        await first.StartAsync(cancellation);
        await using var second = new PlatformProcess(otherHome.Path, first.Port);

        var status = await second.RunToEndAsync(cancellation);

        Assert.Equal(1, status);
        var line = Assert.Single(second.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(first.Port.ToString(CultureInfo.InvariantCulture), line, StringComparison.Ordinal);
        Assert.Contains("--urls", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_killed_during_the_migration_is_made_good_by_the_next()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var seed = Environment.TickCount;
        output.WriteLine($"Seed {seed}.");
        var random = new Random(seed);
        using var home = new TemporaryFolder();
        var database = Path.Combine(home.Path, "catchup.db");

        // Killed as soon as the database file appears, and a little later each time.
        for (var kill = 0; kill < 3; kill++)
        {
            await using var platform = new PlatformProcess(home.Path);
            platform.Launch();
            while (!File.Exists(database) && !platform.HasExited)
            {
                await Task.Delay(5, cancellation);
            }

            await Task.Delay(random.Next(0, 200), cancellation);
            await platform.KillAsync();
        }

        // What EF Core leaves behind when it dies inside a migration.
        await using (var connection = new SqliteConnection($"Data Source={database};Pooling=False"))
        {
            await connection.OpenAsync(cancellation);
            await using var command = connection.CreateCommand();
            command.CommandText = """
                CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT OR IGNORE INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00+00:00');
                """;
            await command.ExecuteNonQueryAsync(cancellation);
        }

        await using var restarted = new PlatformProcess(home.Path);
        await restarted.StartAsync(cancellation);
        Assert.Empty(await restarted.Api.RunsAsync(cancellation));
        Assert.True(await restarted.Api.SubmitAsync(TinySweep.TwoRuns(), cancellation) > 0);
    }

    [Fact]
    public async Task A_database_locked_by_another_process_is_named_at_the_start()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        await using (var first = new PlatformProcess(home.Path))
        {
            await first.StartAsync(cancellation);
        }

        await using var connection = new SqliteConnection($"Data Source={Path.Combine(home.Path, "catchup.db")};Pooling=False");
        await connection.OpenAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;";
        await command.ExecuteNonQueryAsync(cancellation);

        await using var second = new PlatformProcess(home.Path);
        var status = await second.RunToEndAsync(cancellation);

        Assert.Equal(1, status);
        Assert.Contains("catchup.db", second.Output, StringComparison.Ordinal);
        Assert.Contains("lock", second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Output, StringComparison.Ordinal);
    }
}
