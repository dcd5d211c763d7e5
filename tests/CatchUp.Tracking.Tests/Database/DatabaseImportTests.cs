using System.Globalization;
using CatchUp.Migrations.PostgreSql;
using CatchUp.Migrations.Sqlite;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace CatchUp.Tracking.Tests.Database;

/// <summary>The move from SQLite to PostgreSQL, on rows in every table of the model, whichever there are.</summary>
public sealed class DatabaseImportTests
{
    private const int Rows = 4;

    [Fact]
    public async Task Import_copies_every_row_of_every_table_exactly()
    {
        await using var embedded = await TestWorld.CreateAsync(DatabaseKind.Sqlite);
        await using var team = await TestWorld.CreateAsync(DatabaseKind.PostgreSql);
        await FillAsync(embedded);
        await using var source = SqliteDatabase.OpenReadOnly(embedded.SqliteFile);
        await using var target = await team.ContextAsync();
        var told = new List<ImportProgress>();

        var copied = await DatabaseImport.RunAsync(source, target, new Told(told), TestWorld.Cancellation);

        var tables = DatabaseImport.InOrder(target.Model);
        Assert.Equal(target.Model.GetEntityTypes().Count(), tables.Count);
        Assert.Equal(tables.Count * Rows, copied);
        await using var original = await embedded.ContextAsync();
        foreach (var table in tables)
        {
            var before = await ReadAsync(original, original.Model.FindEntityType(table.Name)!);
            var after = await ReadAsync(target, table);
            Assert.True(before.Count == Rows, $"The test wrote {before.Count} rows into {table.GetTableName()}.");
            Assert.Equal(before, after);
            Assert.Contains(new ImportProgress(table.GetTableName()!, Rows, Rows), told);
        }
    }

    [Fact]
    public async Task Import_lets_numbers_go_on_after_the_highest()
    {
        await using var embedded = await TestWorld.CreateAsync(DatabaseKind.Sqlite);
        await using var team = await TestWorld.CreateAsync(DatabaseKind.PostgreSql);
        var before = await embedded.QueueAsync(count: 3);
        await using (var source = SqliteDatabase.OpenReadOnly(embedded.SqliteFile))
        {
            await using var target = await team.ContextAsync();
            await DatabaseImport.RunAsync(source, target, null, TestWorld.Cancellation);
        }

        var after = await team.QueueAsync(count: 2, name: "later");

        Assert.Equal([before.Max() + 1, before.Max() + 2], after);
        Assert.Equal(before[0], (await team.ClaimAsync())!.RunId);
    }

    [Fact]
    public async Task Import_of_an_empty_database_leaves_one_that_can_be_used()
    {
        await using var embedded = await TestWorld.CreateAsync(DatabaseKind.Sqlite);
        await using var team = await TestWorld.CreateAsync(DatabaseKind.PostgreSql);
        await using (var source = SqliteDatabase.OpenReadOnly(embedded.SqliteFile))
        {
            await using var target = await team.ContextAsync();
            Assert.Equal(0, await DatabaseImport.RunAsync(source, target, null, TestWorld.Cancellation));
        }

        Assert.Equal([1], await team.QueueAsync());
    }

    [Fact]
    public async Task Import_goes_on_beside_a_server_that_reads()
    {
        await using var embedded = await TestWorld.CreateAsync(DatabaseKind.Sqlite);
        await using var team = await TestWorld.CreateAsync(DatabaseKind.PostgreSql);
        await embedded.QueueAsync(count: 3);
        await using var source = SqliteDatabase.OpenReadOnly(embedded.SqliteFile);
        await using var target = await team.ContextAsync();
        var tables = DatabaseImport.InOrder(target.Model);
        await using var server = await team.ContextAsync();
        await using var reading = await server.Database.BeginTransactionAsync(TestWorld.Cancellation);
        Assert.Empty(await ReadAsync(server, tables[^1]));

        await DatabaseImport.RunAsync(source, target, null, TestWorld.Cancellation).WaitAsync(TimeSpan.FromMinutes(1), TestWorld.Cancellation);

        foreach (var table in tables)
        {
            await ReadAsync(server, table);
        }

        Assert.Equal(3, await team.ReadAsync(context => context.Runs.CountAsync(TestWorld.Cancellation)));
    }

    [Fact]
    public async Task Import_waits_for_a_server_that_takes_the_tables_in_another_order()
    {
        await using var embedded = await TestWorld.CreateAsync(DatabaseKind.Sqlite);
        await using var team = await TestWorld.CreateAsync(DatabaseKind.PostgreSql);
        await embedded.QueueAsync(count: 3);
        await using var source = SqliteDatabase.OpenReadOnly(embedded.SqliteFile);
        await using var target = await team.ContextAsync();
        await using var server = await team.ContextAsync();
        await using (var writing = await server.Database.BeginTransactionAsync(TestWorld.Cancellation))
        {
            // The one that looks first is told of the deadlock: the import, but not before there is one.
            await Sql.ExecuteAsync(server, "SET LOCAL deadlock_timeout = '1min'", TestWorld.Cancellation);
            await target.Database.OpenConnectionAsync(TestWorld.Cancellation);
            await Sql.ExecuteAsync(target, "SET deadlock_timeout = '3s'", TestWorld.Cancellation);
            await Sql.ExecuteAsync(server, "LOCK TABLE runs IN ROW EXCLUSIVE MODE", TestWorld.Cancellation);
            var import = DatabaseImport.RunAsync(source, target, null, TestWorld.Cancellation);
            while (!await team.ReadAsync(context => context.Database.SqlQuery<bool>($"SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'runs'::regclass) AS \"Value\"").SingleAsync(TestWorld.Cancellation)))
            {
                await Task.Delay(10, TestWorld.Cancellation);
            }

            await Sql.ExecuteAsync(server, "LOCK TABLE sweeps IN ROW EXCLUSIVE MODE", TestWorld.Cancellation);
            await writing.CommitAsync(TestWorld.Cancellation);
            await import;
        }

        Assert.Equal(3, await team.ReadAsync(context => context.Runs.CountAsync(TestWorld.Cancellation)));
    }

    [Fact]
    public async Task Import_into_a_database_with_a_row_is_refused_and_changes_nothing()
    {
        await using var embedded = await TestWorld.CreateAsync(DatabaseKind.Sqlite);
        await using var team = await TestWorld.CreateAsync(DatabaseKind.PostgreSql);
        await embedded.QueueAsync(count: 3);
        await team.ExecuteAsync("INSERT INTO metrics (name) VALUES ('loss')");
        await using var source = SqliteDatabase.OpenReadOnly(embedded.SqliteFile);
        await using var target = await team.ContextAsync();

        var refused = await Assert.ThrowsAsync<ImportRefusedException>(() => DatabaseImport.RunAsync(source, target, null, TestWorld.Cancellation));

        Assert.Contains("its table metrics has rows", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await team.ReadAsync(context => context.Runs.CountAsync(TestWorld.Cancellation)));
    }

    [Fact]
    public async Task Import_that_fails_in_the_middle_leaves_the_target_empty()
    {
        await using var embedded = await TestWorld.CreateAsync(DatabaseKind.Sqlite);
        await using var team = await TestWorld.CreateAsync(DatabaseKind.PostgreSql);
        await FillAsync(embedded);
        // PostgreSQL refuses the character NUL, which SQLite keeps; slots come late in the order.
        await embedded.ExecuteAsync("UPDATE slots SET capabilities = 'a' || char(0) || 'b'");
        await using var source = SqliteDatabase.OpenReadOnly(embedded.SqliteFile);
        await using (var target = await team.ContextAsync())
        {
            await Assert.ThrowsAnyAsync<Exception>(() => DatabaseImport.RunAsync(source, target, null, TestWorld.Cancellation));
        }

        await using var again = await team.ContextAsync();
        foreach (var table in DatabaseImport.InOrder(again.Model))
        {
            Assert.Empty(await ReadAsync(again, table));
        }
    }

    [Fact]
    public async Task Import_from_another_version_is_refused_in_words()
    {
        await using var embedded = await TestWorld.CreateAsync(DatabaseKind.Sqlite);
        await using var team = await TestWorld.CreateAsync(DatabaseKind.PostgreSql);
        await using var target = await team.ContextAsync();

        await embedded.ExecuteAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_FromTheFuture', '99.0')");
        await using (var newer = SqliteDatabase.OpenReadOnly(embedded.SqliteFile))
        {
            await Assert.ThrowsAsync<DatabaseTooNewException>(() => DatabaseImport.RunAsync(newer, target, null, TestWorld.Cancellation));
        }

        await embedded.ExecuteAsync("DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" = (SELECT MAX(\"MigrationId\") FROM \"__EFMigrationsHistory\")");
        await embedded.ExecuteAsync("DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" = (SELECT MAX(\"MigrationId\") FROM \"__EFMigrationsHistory\")");
        await using var older = SqliteDatabase.OpenReadOnly(embedded.SqliteFile);
        var refused = await Assert.ThrowsAsync<ImportRefusedException>(() => DatabaseImport.RunAsync(older, target, null, TestWorld.Cancellation));
        Assert.Contains("older version", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Rows with a value in every column, but for the first row, where all that may be missing is.</summary>
    private static async Task FillAsync(TestWorld world)
    {
        await using var context = await world.ContextAsync();
        foreach (var table in DatabaseImport.InOrder(context.Model))
        {
            var properties = table.GetProperties().ToList();
            for (var row = 0; row < Rows; row++)
            {
                var values = properties.Select((property, column) => ($"@p{column}", Value(property, row)));
                await Sql.ExecuteAsync(
                    context,
                    $"INSERT INTO \"{table.GetTableName()}\" ({string.Join(", ", properties.Select(property => $"\"{property.GetColumnName()}\""))}) VALUES ({string.Join(", ", properties.Select((_, column) => $"@p{column}"))})",
                    TestWorld.Cancellation,
                    [.. values]);
            }
        }
    }

    private static object? Value(IProperty property, int row)
    {
        if (row == 0 && property.IsNullable)
        {
            return null;
        }

        // Row i belongs to row i of the table it refers to.
        if (property.GetContainingForeignKeys().FirstOrDefault() is { } key && key.PrincipalEntityType != property.DeclaringType)
        {
            return Value(key.PrincipalKey.Properties[key.Properties.ToList().IndexOf(property)], row);
        }

        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        return type switch
        {
            _ when type.IsEnum && property.GetTypeMapping().Converter?.ProviderClrType == typeof(string) => Enum.GetNames(type)[row % Enum.GetNames(type).Length],
            _ when type.IsEnum => Convert.ToInt64(Enum.GetValues(type).GetValue(row % Enum.GetValues(type).Length), CultureInfo.InvariantCulture),
            _ when type == typeof(long) => property.IsPrimaryKey() ? row + 1L : long.MaxValue - row,
            _ when type == typeof(int) || type == typeof(short) => property.IsPrimaryKey() ? row + 1 : (type == typeof(int) ? int.MinValue : short.MinValue) + row,
            _ when type == typeof(double) => new[] { double.Epsilon, -0.0, 1.0 / 3, double.MaxValue }[row],
            _ when type == typeof(bool) => row % 2 == 1,
            _ when type == typeof(string) => $"{property.Name} {row} <é✓\n\t'\"\\>",
            _ when type == typeof(Guid) => new Guid(row, (short)property.Name.Length, 3, [0xff, 1, 2, 3, 4, 5, 6, 7]).ToString().ToUpperInvariant(),
            _ when type == typeof(byte[]) => new byte[] { 0, 255, (byte)row },
            _ => throw new NotSupportedException($"{property.DeclaringType.Name}.{property.Name} is a {type}: give the test values of that type, and see that DatabaseImport copies it."),
        };
    }

    private static async Task<List<string>> ReadAsync(CatchUpContext context, IEntityType table)
    {
        await context.Database.OpenConnectionAsync(TestWorld.Cancellation);
        var rows = new List<string>();
        await foreach (var row in DatabaseImport.ReadAsync(context, table, TestWorld.Cancellation))
        {
            rows.Add(string.Join(" | ", row.Select(value => value switch
            {
                null => "nothing",
                double number => BitConverter.DoubleToInt64Bits(number).ToString("x16", CultureInfo.InvariantCulture),
                byte[] bytes => Convert.ToHexString(bytes),
                _ => string.Create(CultureInfo.InvariantCulture, $"{value.GetType().Name} {value}"),
            })));
        }

        return rows;
    }

    private sealed class Told(List<ImportProgress> list) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => list.Add(value);
    }
}
