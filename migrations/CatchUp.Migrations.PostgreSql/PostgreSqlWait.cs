using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CatchUp.Migrations.PostgreSql;

/// <summary>Waits for the database before anything asks it, so that its being late is said in words.</summary>
public static partial class PostgreSqlWait
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Returns when the server lets this process in. Says that it waits at the first failure and every half minute.</summary>
    /// <exception cref="DatabaseRefusedException">It refuses the user.</exception>
    public static async Task UntilReachableAsync(string connectionString, ILogger logger, CancellationToken cancellation)
    {
        var probe = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 5 };
        var place = $"{probe.Host}:{probe.Port}";
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var connection = new NpgsqlConnection(probe.ConnectionString);
                await using (connection)
                {
                    await connection.OpenAsync(cancellation);
                }

                return;
            }
            catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.InvalidCatalogName)
            {
                // The server is there; the database itself is made with the schema.
                return;
            }
            catch (PostgresException problem) when (problem.SqlState.StartsWith("28", StringComparison.Ordinal))
            {
                throw new DatabaseRefusedException($"PostgreSQL at {place} refuses the user '{probe.Username}' ({problem.MessageText}). Check Username in {PostgreSqlVariables.Database} and {PostgreSqlVariables.Password}.", problem);
            }
            catch (Exception problem) when (IsAbsence(problem) && !cancellation.IsCancellationRequested)
            {
                if (attempt % 15 == 0)
                {
                    Log.Waiting(logger, place, Reason(problem));
                }
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    private static bool IsAbsence(Exception problem) => problem switch
    {
        PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.TooManyConnections } => true,
        PostgresException => false,
        NpgsqlException or SocketException or IOException or TimeoutException => true,
        _ => false,
    };

    private static string Reason(Exception problem) => (problem.InnerException ?? problem).Message.TrimEnd('.');

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for PostgreSQL at {Place}: {Reason}. Trying again every 2 s; CATCHUP_DATABASE says where it is looked for")]
        public static partial void Waiting(ILogger logger, string place, string reason);
    }
}
