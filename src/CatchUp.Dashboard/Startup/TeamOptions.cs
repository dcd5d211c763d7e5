using CatchUp.Contracts;
using CatchUp.Hosting.Bus;
using CatchUp.Migrations.PostgreSql;

namespace CatchUp.Dashboard.Startup;

/// <summary>Where the parts of the team set-up are.</summary>
public sealed record TeamOptions
{
    /// <summary>PostgreSQL's connection string, with its password.</summary>
    public required string Database { get; init; }

    public required BusOptions Bus { get; init; }

    /// <summary>Whether this process also trains. A server of a team usually has no business with that.</summary>
    public bool Worker { get; init; }

    /// <summary>Reads the environment: naming a database or a broker asks for the team set-up, and then both are needed.</summary>
    /// <returns>Null for the embedded set-up.</returns>
    /// <exception cref="StartupException">Something is missing; the message lists all of it.</exception>
    public static TeamOptions? Read(Func<string, string?> environment)
    {
        if (string.IsNullOrWhiteSpace(environment(PostgreSqlVariables.Database)) && string.IsNullOrWhiteSpace(environment(BrokerVariables.Address)))
        {
            return null;
        }

        var problems = new List<string>();
        var database = PostgreSqlVariables.Read(environment, problems);
        var bus = BrokerVariables.Read(environment, ContractJson.Options, problems);
        if (string.IsNullOrWhiteSpace(environment(EnvironmentVariables.AdminPassword)))
        {
            problems.Add(EnvironmentVariables.AdminPasswordMissing);
        }

        return problems.Count > 0
            ? throw new StartupException(string.Join(Environment.NewLine, problems))
            : new TeamOptions { Database = database!, Bus = bus!, Worker = environment("CATCHUP_WORKER") == "1" };
    }
}
