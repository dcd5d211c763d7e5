using CatchUp.Hosting.Bus;
using CatchUp.Migrations.PostgreSql;

namespace CatchUp.Dashboard.Startup;

/// <summary>The dashboard's command line.</summary>
internal static class CommandLine
{
    private const string Help = $"""
        Starts CatchUp Platform: the pages and the coordinator, and in the embedded set-up a worker in the same process.

          --demo               submit sweeps/demo.yaml, once
          --urls URL           where to listen, instead of {DashboardOptions.DefaultUrl}; other machines' networks with sign-in only
          --home DIR           where the data is kept, instead of CATCHUP_HOME or the local application data
          --migrate-from FILE  copy everything from an embedded set-up's catchup.db, and the artifacts beside it, into the team's
                               empty PostgreSQL; then end
          --new-token NAME     make an access token for a script, print it once, and end
          --help               this text

        Environment: CATCHUP_HOME (data folder), CATCHUP_DATA (folder of data sets), CATCHUP_DOWNLOAD=1 (runs may fetch
        public data sets into it), CATCHUP_MIRROR (address to fetch them from), CATCHUP_TRAINER (the trainer's program).
        Sign-in: {EnvironmentVariables.AdminPassword} turns it on. {EnvironmentVariables.Hosts} (names this server goes by), {EnvironmentVariables.Proxies} (addresses of
        reverse proxies).
        Team: {PostgreSqlVariables.Database} ("Host=…;Database=…;Username=…") with {PostgreSqlVariables.Password}, {BrokerVariables.Address}
        (amqp://host:5672) with {BrokerVariables.User} and {BrokerVariables.Password}; CATCHUP_WORKER=1 trains in this process too.
        """;

    /// <summary>Runs the program and turns what keeps it from starting into words on standard error.</summary>
    /// <returns>The exit status: 0, or 1 when it could not start.</returns>
    public static async Task<int> RunAsync(string[] args, Func<DashboardOptions, Task> run)
    {
        try
        {
            if (args.Any(argument => argument is "--help" or "-h" or "help"))
            {
                Console.WriteLine(Help);
                return 0;
            }

            await run(EnvironmentVariables.Apply(Parse(args), Environment.GetEnvironmentVariable));
            return 0;
        }
        catch (Exception problem) when (StartupProblem.Explain(problem) is { } words)
        {
            await Console.Error.WriteLineAsync(words);
            return 1;
        }
    }

    /// <exception cref="StartupException">An option is unknown or lacks its value.</exception>
    public static DashboardOptions Parse(IReadOnlyList<string> args)
    {
        var options = new DashboardOptions();
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var left, var right] && left.StartsWith("--", StringComparison.Ordinal) ? (left, right) : (args[i], null);
            string Value() => value is { Length: > 0 } ? value
                : value is null && i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal) ? args[++i]
                : throw new StartupException($"The option {name} needs a value. --help lists the options.");
            options = name switch
            {
                "--demo" when value is null => options with { Demo = true },
                "--urls" => options with { Urls = Value() },
                "--home" => options with { Home = Value() },
                "--migrate-from" => options with { MigrateFrom = Value() },
                "--new-token" => options with { NewToken = Value() },
                _ => throw new StartupException($"Unknown option '{args[i]}'. Known are --demo, --urls, --home, --migrate-from, --new-token and --help."),
            };
        }

        return options;
    }
}
