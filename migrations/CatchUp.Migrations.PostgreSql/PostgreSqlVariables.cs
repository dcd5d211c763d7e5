using Npgsql;

namespace CatchUp.Migrations.PostgreSql;

/// <summary>The environment variables that name the team set-up's database.</summary>
public static class PostgreSqlVariables
{
    public const string Database = "CATCHUP_DATABASE";
    public const string Password = "POSTGRES_PASSWORD";

    /// <summary>Reads them. There are no defaults: whatever is missing or wrong is added to <paramref name="problems"/>, and the result is null.</summary>
    /// <returns>The connection string, with the password in it: never for the eyes of a log.</returns>
    public static string? Read(Func<string, string?> environment, ICollection<string> problems)
    {
        var (text, password) = (environment(Database), environment(Password));
        var before = problems.Count;
        var connection = new NpgsqlConnectionStringBuilder();
        if (string.IsNullOrWhiteSpace(text))
        {
            problems.Add($"{Database} is not set. Set it to the database's address, as in \"Host=database.example;Database=catchup;Username=catchup\".");
        }
        else
        {
            try
            {
                connection.ConnectionString = text;
                AddProblems(connection, problems);
            }
            catch (Exception problem) when (problem is ArgumentException or FormatException or InvalidCastException)
            {
                // Not the text itself, which may hold a password.
                problems.Add($"{Database} cannot be read: {problem.Message} Write it as \"Host=database.example;Database=catchup;Username=catchup\".");
            }
        }

        if (string.IsNullOrWhiteSpace(password))
        {
            problems.Add($"{Password} is empty or not set. Set it to the password of PostgreSQL's user; there is no default.");
        }

        if (problems.Count > before)
        {
            return null;
        }

        connection.Password = password;
        connection.ApplicationName ??= "CatchUp Platform";
        return connection.ConnectionString;
    }

    private static void AddProblems(NpgsqlConnectionStringBuilder connection, ICollection<string> problems)
    {
        foreach (var (key, value) in new[] { ("Host", connection.Host), ("Database", connection.Database), ("Username", connection.Username) })
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                problems.Add($"{Database} names no {key}. Write it as \"Host=database.example;Database=catchup;Username=catchup\".");
            }
        }

        if (!string.IsNullOrEmpty(connection.Password))
        {
            problems.Add($"{Database} holds a password. Put it into {Password}, where it is shown to nobody.");
        }
    }
}
