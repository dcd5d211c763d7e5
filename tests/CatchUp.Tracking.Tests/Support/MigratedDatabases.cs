using CatchUp.Migrations.PostgreSql;
using CatchUp.Migrations.Sqlite;
using CatchUp.Tracking.Database;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CatchUp.Tracking.Tests.Support;

/// <summary>One migrated, empty database of each kind, which every test starts from a copy of.</summary>
internal static class MigratedDatabases
{
    private const string Template = "migrated";

    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static byte[]? _sqlite;
    private static string? _postgres;

    public static async Task CopyAsync(DatabaseKind kind, string sqliteFile, string postgresDatabase)
    {
        await Gate.WaitAsync(TestWorld.Cancellation);
        try
        {
            if (kind == DatabaseKind.Sqlite)
            {
                _sqlite ??= await MigrateSqliteAsync();
                await File.WriteAllBytesAsync(sqliteFile, _sqlite, TestWorld.Cancellation);
            }
            else
            {
                _postgres ??= await MigratePostgresAsync();
                await using var connection = new NpgsqlConnection($"{_postgres};Database=postgres");
                await connection.OpenAsync(TestWorld.Cancellation);
                await using var command = new NpgsqlCommand($"CREATE DATABASE {postgresDatabase} TEMPLATE {Template}", connection);
                await command.ExecuteNonQueryAsync(TestWorld.Cancellation);
            }
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<byte[]> MigrateSqliteAsync()
    {
        var folder = Directory.CreateTempSubdirectory("catchup-migrated-");
        try
        {
            var file = Path.Combine(folder.FullName, "migrated.db");
            var options = new DbContextOptionsBuilder<CatchUpContext>();
            SqliteDatabase.Configure(options, file);
            await using (var context = new CatchUpContext(options.Options))
            {
                await context.Database.MigrateAsync(TestWorld.Cancellation);
                await Sql.ExecuteAsync(context, "PRAGMA wal_checkpoint(TRUNCATE)", TestWorld.Cancellation);
            }

            SqliteConnection.ClearAllPools();
            return await File.ReadAllBytesAsync(file, TestWorld.Cancellation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> MigratePostgresAsync()
    {
        var server = await PostgreSqlServer.ConnectionAsync();
        var connection = $"{server};Database={Template};Pooling=false";
        var options = new DbContextOptionsBuilder<CatchUpContext>();
        PostgreSqlDatabase.Configure(options, connection);
        await using var context = new CatchUpContext(options.Options);
        await context.Database.MigrateAsync(TestWorld.Cancellation);
        return server;
    }
}
