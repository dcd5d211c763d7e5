using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CatchUp.Migrations.Sqlite;

/// <summary>
/// A statement that is executed very often with other values, on SQLite's own interface: through a DbCommand, finding and converting
/// the parameters of a row takes several times as long as storing it. Takes part in the connection's transaction.
/// </summary>
internal sealed class PreparedStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public PreparedStatement(SqliteConnection connection, string text)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, text, out _statement), _database);
    }

    public void Bind(int parameter, long value) => raw.sqlite3_bind_int64(_statement, parameter, value);

    public void Bind(int parameter, long? value)
    {
        if (value is { } number)
        {
            raw.sqlite3_bind_int64(_statement, parameter, number);
        }
        else
        {
            raw.sqlite3_bind_null(_statement, parameter);
        }
    }

    /// <param name="parameter">Its number in the text, from 1.</param>
    /// <param name="value">Finite, or null.</param>
    public void Bind(int parameter, double? value)
    {
        if (value is { } number)
        {
            raw.sqlite3_bind_double(_statement, parameter, number);
        }
        else
        {
            raw.sqlite3_bind_null(_statement, parameter);
        }
    }

    public void Bind(int parameter, string? value)
    {
        if (value is not null)
        {
            raw.sqlite3_bind_text(_statement, parameter, value);
        }
        else
        {
            raw.sqlite3_bind_null(_statement, parameter);
        }
    }

    /// <returns>How many rows it changed.</returns>
    public int Execute()
    {
        var code = raw.sqlite3_step(_statement);
        if (code != raw.SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(code, _database);
        }

        raw.sqlite3_reset(_statement);
        return raw.sqlite3_changes(_database);
    }

    public void Dispose() => _statement.Dispose();
}
