using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Numerics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CatchUp.Tracking.Database;

/// <summary>SQL by hand on a context's connection and in its transaction. Values travel as parameters, always.</summary>
internal static class Sql
{
    public static async Task<int> ExecuteAsync(CatchUpContext context, string text, CancellationToken cancellation, params (string Name, object? Value)[] parameters)
    {
        var command = await CommandAsync(context, text, cancellation, parameters);
        await using (command)
        {
            return await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    public static async Task<long?> NumberAsync(CatchUpContext context, string text, CancellationToken cancellation, params (string Name, object? Value)[] parameters)
    {
        var command = await CommandAsync(context, text, cancellation, parameters);
        await using (command)
        {
            var value = await command.ExecuteScalarAsync(cancellation);
            return value is null or DBNull ? null : Convert.ToInt64(value, CultureInfo.InvariantCulture);
        }
    }

    public static async Task<List<T>> ListAsync<T>(CatchUpContext context, string text, Func<DbDataReader, T> read, CancellationToken cancellation, params (string Name, object? Value)[] parameters)
    {
        var rows = new List<T>();
        await ReadAsync(context, text, row => rows.Add(read(row)), cancellation, parameters);
        return rows;
    }

    /// <summary>Gives the reader each row.</summary>
    public static async Task ReadAsync(CatchUpContext context, string text, Action<DbDataReader> read, CancellationToken cancellation, params (string Name, object? Value)[] parameters)
    {
        var command = await CommandAsync(context, text, cancellation, parameters);
        await using (command)
        {
            var reader = await command.ExecuteReaderAsync(cancellation);
            await using (reader)
            {
                while (await reader.ReadAsync(cancellation))
                {
                    read(reader);
                }
            }
        }
    }

    /// <summary>Asks all of them on one way to the server and back. Parameters of the same name are the same.</summary>
    public static async Task AskAsync(CatchUpContext context, IReadOnlyList<Question> questions, CancellationToken cancellation)
    {
        var parameters = questions.SelectMany(question => question.Parameters).DistinctBy(parameter => parameter.Name).ToArray();
        var command = await CommandAsync(context, string.Join(";\n", questions.Select(question => question.Text)), cancellation, parameters);
        await using (command)
        {
            var reader = await command.ExecuteReaderAsync(cancellation);
            await using (reader)
            {
                foreach (var question in questions)
                {
                    while (await reader.ReadAsync(cancellation))
                    {
                        question.Read(reader);
                    }

                    await reader.NextResultAsync(cancellation);
                }
            }
        }
    }

    /// <summary>The database's time in UTC ticks.</summary>
    public static async Task<long> NowAsync(CatchUpContext context, DatabaseDialect dialect, CancellationToken cancellation)
        => await NumberAsync(context, $"SELECT {dialect.Now}", cancellation) ?? throw new InvalidOperationException("The database did not tell its time.");

    /// <summary>
    /// Names for the values of an IN list: @name0, @name1 … An empty list matches nothing. The last value is repeated up to a power of two: lists of all lengths then
    /// make few different texts, which a server that keeps plans knows.
    /// </summary>
    public static (string List, (string Name, object? Value)[] Parameters) In<T>(string name, IEnumerable<T> values)
    {
        var given = values.ToArray();
        var length = given.Length == 0 ? 0 : (int)BitOperations.RoundUpToPowerOf2((uint)given.Length);
        var parameters = Enumerable.Range(0, length).Select(index => (Name: $"@{name}{index.ToString(CultureInfo.InvariantCulture)}", Value: (object?)given[Math.Min(index, given.Length - 1)])).ToArray();
        return (parameters.Length == 0 ? "(NULL)" : $"({string.Join(", ", parameters.Select(parameter => parameter.Name))})", parameters);
    }

    public static double? Double(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);

    public static long? Long(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    /// <param name="Text">One statement that answers with rows.</param>
    /// <param name="Read">Is given each row.</param>
    /// <param name="Parameters">Of the statement.</param>
    public sealed record Question(string Text, Action<DbDataReader> Read, params (string Name, object? Value)[] Parameters);

    private static async Task<DbCommand> CommandAsync(CatchUpContext context, string text, CancellationToken cancellation, params (string Name, object? Value)[] parameters)
    {
        var connection = context.Database.GetDbConnection();
        if (connection.State != ConnectionState.Open)
        {
            // Opened through the context, so that it closes with it.
            await context.Database.OpenConnectionAsync(cancellation);
        }

        var command = connection.CreateCommand();
        command.CommandText = text;
        command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
