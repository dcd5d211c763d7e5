using System.Net.Sockets;
using CatchUp.Hosting.Bus;
using CatchUp.Migrations.PostgreSql;
using CatchUp.Tracking.Database;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CatchUp.Dashboard.Startup;

/// <summary>Puts what keeps the program from starting into words.</summary>
internal static class StartupProblem
{
    /// <returns>Null for what nobody foresaw: that deserves its stack trace.</returns>
    public static string? Explain(Exception problem) => problem switch
    {
        StartupException => problem.Message,
        OptionsValidationException options => string.Join(Environment.NewLine, options.Failures),
        DatabaseTooNewException or DatabaseRefusedException or BrokerRefusedException => problem.Message,
        SqliteException sqlite => ExplainDatabase(sqlite),
        PostgresException postgres => $"PostgreSQL answered: {postgres.MessageText}.{(postgres.SqlState == PostgresErrorCodes.InsufficientPrivilege ? $" Give the user in {PostgreSqlVariables.Database} the right to make tables (its own database, as owner, is simplest)." : "")}",
        NpgsqlException npgsql => $"PostgreSQL cannot be used: {npgsql.Message}",
        InvalidOperationException when problem.Message.Contains("HTTPS", StringComparison.Ordinal) => "--urls asks for https, and there is no certificate. Name one in Kestrel__Certificates__Default__Path and Kestrel__Certificates__Default__Password, or use http behind a proxy with TLS.",
        _ when problem.InnerException is { } inner => Explain(inner),
        SocketException or IOException or UnauthorizedAccessException => $"The program could not start: {problem.Message}",
        _ => null,
    };

    // https://www.sqlite.org/rescode.html
    private static string ExplainDatabase(SqliteException problem) => problem.SqliteErrorCode switch
    {
        5 or 6 => "The database is locked by another process. End that process (another CatchUp Platform, or a tool that has catchup.db open), then start again.",
        8 => "The database cannot be written: it, its folder or its disk is read-only. Mend the permissions, or choose another data folder with --home.",
        13 => "The disk of the data folder is full. Free some space, or choose another data folder with --home.",
        10 => $"The database's disk does not work as it should ({problem.Message}). A full or failing disk is the usual cause.",
        14 => "The database file cannot be opened. Mend the permissions of the data folder, or choose another with --home.",
        11 or 26 => "The database file is damaged or is no database. Put a backup in its place, or choose another data folder with --home.",
        _ => $"The database cannot be used: {problem.Message}",
    };
}
