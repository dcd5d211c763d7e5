using System.Data.Common;
using CatchUp.Tracking.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace CatchUp.Migrations.PostgreSql;

/// <summary>
/// Copies another provider's database into an empty PostgreSQL: every table of the model, in one transaction. It walks the model
/// and names no table, so that none can be forgotten.
/// </summary>
public static class DatabaseImport
{
    private const int ReportEvery = 100_000;
    private const int Tries = 5;

    /// <summary>All or nothing: when it throws, the target is as it was.</summary>
    /// <param name="source">Stays as it is. Its schema must be this version's.</param>
    /// <param name="target">Has this version's schema, and no rows.</param>
    /// <param name="progress">Told at least twice a table.</param>
    /// <returns>The rows copied.</returns>
    /// <exception cref="ImportRefusedException">The source has another version's schema, or the target has rows.</exception>
    public static async Task<long> RunAsync(CatchUpContext source, CatchUpContext target, IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        await CheckSchemaAsync(source, cancellation);
        await source.Database.OpenConnectionAsync(cancellation);
        var tables = InOrder(target.Model);
        var transaction = await BeginAloneAsync(target, tables, cancellation);
        await using (transaction)
        {
            await CheckEmptyAsync(target, tables, cancellation);
            long total = 0;
            foreach (var table in tables)
            {
                total += await CopyAsync(source, target, table, progress, cancellation);
            }

            foreach (var table in tables)
            {
                await ContinueNumbersAsync(target, table, cancellation);
            }

            await transaction.CommitAsync(cancellation);
            return total;
        }
    }

    /// <summary>The model's tables, those that others refer to first.</summary>
    internal static IReadOnlyList<IEntityType> InOrder(IModel model)
    {
        var ordered = new List<IEntityType>();
        var left = model.GetEntityTypes().OrderBy(type => type.GetTableName(), StringComparer.Ordinal).ToList();
        while (left.Count > 0)
        {
            var next = left.Find(type => type.GetForeignKeys().All(key => key.PrincipalEntityType == type || ordered.Contains(key.PrincipalEntityType)))
                ?? throw new InvalidOperationException("Tables refer to each other in a circle; their rows cannot be copied one table after the other.");
            left.Remove(next);
            ordered.Add(next);
        }

        return ordered;
    }

    /// <summary>The columns of a table, each with the type in which a value travels between providers.</summary>
    internal static IReadOnlyList<(string Name, Type Type)> Columns(IEntityType table) =>
        [.. table.GetProperties().Select(property => (property.GetColumnName(), Travelling(property.GetRelationalTypeMapping())))];

    /// <summary>Reads a table in the order of its key: values as <see cref="Columns"/> says, or null.</summary>
    internal static async IAsyncEnumerable<object?[]> ReadAsync(CatchUpContext context, IEntityType table, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var columns = Columns(table);
        var key = table.FindPrimaryKey()!.Properties.Select(property => Quote(property.GetColumnName()));
        var command = Command(context, $"SELECT {List(columns)} FROM {Quote(table.GetTableName()!)} ORDER BY {string.Join(", ", key)}");
        await using (command)
        {
            var reader = await command.ExecuteReaderAsync(cancellation);
            await using (reader)
            {
                while (await reader.ReadAsync(cancellation))
                {
                    var row = new object?[columns.Count];
                    for (var i = 0; i < row.Length; i++)
                    {
                        row[i] = reader.IsDBNull(i) ? null : Value(reader, i, columns[i].Type);
                    }

                    yield return row;
                }
            }
        }
    }

    private static async Task CheckSchemaAsync(CatchUpContext source, CancellationToken cancellation)
    {
        var known = source.Database.GetMigrations().ToList();
        var applied = (await source.Database.GetAppliedMigrationsAsync(cancellation)).ToList();
        if (applied.Find(name => !known.Contains(name)) is { } unknown)
        {
            throw new DatabaseTooNewException(unknown);
        }

        if (applied.Count == 0)
        {
            throw new ImportRefusedException("The file to copy from is no database of CatchUp Platform. Name the catchup.db in the embedded set-up's data folder.");
        }

        if (applied.Count < known.Count)
        {
            throw new ImportRefusedException($"The database to copy from was last used by an older version (its schema is {applied[^1]}, this version's {known[^1]}). Start the embedded set-up of this version once with that folder, stop it, and try again.");
        }
    }

    /// <summary>Begins a transaction during which no server can write. Servers may read: they see no rows until it is committed.</summary>
    private static async Task<IDbContextTransaction> BeginAloneAsync(CatchUpContext target, IReadOnlyList<IEntityType> tables, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var transaction = await target.Database.BeginTransactionAsync(cancellation);
            try
            {
                await ExecuteAsync(target, $"LOCK TABLE {string.Join(", ", tables.Select(table => Quote(table.GetTableName()!)))} IN EXCLUSIVE MODE", cancellation);
                return transaction;
            }
            catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.DeadlockDetected && attempt < Tries)
            {
                // A server that has just been started took the tables in another order. It has its turn, then this one.
                await transaction.DisposeAsync();
            }
            catch
            {
                await transaction.DisposeAsync();
                throw;
            }
        }
    }

    private static async Task CheckEmptyAsync(CatchUpContext target, IReadOnlyList<IEntityType> tables, CancellationToken cancellation)
    {
        foreach (var table in tables)
        {
            if (await NumberAsync(target, $"SELECT COUNT(*) FROM (SELECT 1 FROM {Quote(table.GetTableName()!)} LIMIT 1) AS first_row", cancellation) > 0)
            {
                throw new ImportRefusedException($"The database to copy into is not empty: its table {table.GetTableName()} has rows. Copy before a server or a worker has been started with it, or name another database in {PostgreSqlVariables.Database}. Nothing was changed.");
            }
        }
    }

    private static async Task<long> CopyAsync(CatchUpContext source, CatchUpContext target, IEntityType table, IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        var name = table.GetTableName()!;
        var columns = Columns(table);
        var original = source.Model.FindEntityType(table.Name)!;
        var total = await NumberAsync(source, $"SELECT COUNT(*) FROM {Quote(name)}", cancellation);
        progress?.Report(new ImportProgress(name, 0, total));
        long rows = 0;
        var connection = (NpgsqlConnection)target.Database.GetDbConnection();
        var writer = await connection.BeginBinaryImportAsync($"COPY {Quote(name)} ({List(columns)}) FROM STDIN (FORMAT BINARY)", cancellation);
        await using (writer)
        {
            // No statement takes as long as a table of many millions of rows.
            writer.Timeout = Timeout.InfiniteTimeSpan;
            await foreach (var row in ReadAsync(source, original, cancellation))
            {
                await writer.StartRowAsync(cancellation);
                foreach (var value in row)
                {
                    await WriteAsync(writer, value, cancellation);
                }

                if (++rows % ReportEvery == 0)
                {
                    progress?.Report(new ImportProgress(name, rows, total));
                }
            }

            await writer.CompleteAsync(cancellation);
        }

        var arrived = await NumberAsync(target, $"SELECT COUNT(*) FROM {Quote(name)}", cancellation);
        if (rows != total || arrived != total)
        {
            throw new ImportRefusedException($"Of {total} rows of {name} {arrived} arrived: something wrote to the database that is copied. Stop it and try again. Nothing was changed.");
        }

        progress?.Report(new ImportProgress(name, rows, total));
        return rows;
    }

    private static Task WriteAsync(NpgsqlBinaryImporter writer, object? value, CancellationToken cancellation) => value switch
    {
        null => writer.WriteNullAsync(cancellation),
        long number => writer.WriteAsync(number, cancellation),
        double number => writer.WriteAsync(number, cancellation),
        int number => writer.WriteAsync(number, cancellation),
        short number => writer.WriteAsync(number, cancellation),
        bool flag => writer.WriteAsync(flag, cancellation),
        string text => writer.WriteAsync(text, cancellation),
        Guid id => writer.WriteAsync(id, cancellation),
        byte[] bytes => writer.WriteAsync(bytes, cancellation),
        _ => throw new NotSupportedException($"Values of the type {value.GetType()} have no way from one database to the other yet: add it here."),
    };

    /// <summary>Makes the numbers the database gives go on after the highest that was copied.</summary>
    private static async Task ContinueNumbersAsync(CatchUpContext target, IEntityType table, CancellationToken cancellation)
    {
        foreach (var property in table.GetProperties().Where(property => property.ValueGenerated == ValueGenerated.OnAdd && property.ClrType is { } type && (type == typeof(long) || type == typeof(int))))
        {
            var (name, column) = (Quote(table.GetTableName()!), Quote(property.GetColumnName()));
            await ExecuteAsync(
                target,
                $"SELECT setval(sequence, GREATEST((SELECT MAX({column}) FROM {name}), 1), (SELECT MAX({column}) FROM {name}) IS NOT NULL) FROM pg_get_serial_sequence('{name}', '{property.GetColumnName()}') AS sequence WHERE sequence IS NOT NULL",
                cancellation);
        }
    }

    private static Type Travelling(RelationalTypeMapping mapping)
    {
        var type = mapping.Converter?.ProviderClrType ?? mapping.ClrType;
        return Nullable.GetUnderlyingType(type) ?? type;
    }

    private static object Value(DbDataReader reader, int column, Type type) => type switch
    {
        _ when type == typeof(long) => reader.GetInt64(column),
        _ when type == typeof(int) => reader.GetInt32(column),
        _ when type == typeof(short) => reader.GetInt16(column),
        _ when type == typeof(double) => reader.GetDouble(column),
        _ when type == typeof(bool) => reader.GetBoolean(column),
        _ when type == typeof(string) => reader.GetString(column),
        _ when type == typeof(Guid) => reader.GetGuid(column),
        _ when type == typeof(byte[]) => reader.GetFieldValue<byte[]>(column),
        _ => throw new NotSupportedException($"Columns of the type {type} have no way from one database to the other yet: add it here."),
    };

    private static string List(IReadOnlyList<(string Name, Type Type)> columns) => string.Join(", ", columns.Select(column => Quote(column.Name)));

    // Names of the model, none from outside; both providers quote them alike.
    private static string Quote(string name) => $"\"{name}\"";

    private static DbCommand Command(CatchUpContext context, string text)
    {
        var command = context.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // Made of the model's own names.
        command.CommandText = text;
#pragma warning restore CA2100
        command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandTimeout = 0;
        return command;
    }

    private static async Task ExecuteAsync(CatchUpContext context, string text, CancellationToken cancellation)
    {
        var command = Command(context, text);
        await using (command)
        {
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static async Task<long> NumberAsync(CatchUpContext context, string text, CancellationToken cancellation)
    {
        var command = Command(context, text);
        await using (command)
        {
            return (long)(await command.ExecuteScalarAsync(cancellation))!;
        }
    }
}
