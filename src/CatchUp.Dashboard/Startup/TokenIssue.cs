using CatchUp.Migrations.PostgreSql;
using CatchUp.Migrations.Sqlite;
using CatchUp.Tracking;
using CatchUp.Tracking.Accounts;
using CatchUp.Tracking.Database;

namespace CatchUp.Dashboard.Startup;

/// <summary>Makes an access token without a browser, beside a server that may be running: for scripts that set up others.</summary>
internal static class TokenIssue
{
    /// <summary>Prints the token alone, on a line of its own.</summary>
    /// <exception cref="StartupException">Sign-in is off, or there are too many tokens.</exception>
    public static async Task RunAsync(DashboardOptions options, TextWriter console, CancellationToken cancellation = default)
    {
        if (options.AdminPassword is null)
        {
            throw new StartupException($"--new-token: without {EnvironmentVariables.AdminPassword} this server asks nobody to sign in, so no script needs a token.");
        }

        var name = options.NewToken!.Trim();
        if (name.Length is 0 or > AccountStore.LongestTokenName)
        {
            throw new StartupException($"--new-token: a token's name has 1 to {AccountStore.LongestTokenName} characters.");
        }

        // Databases and stores alone: no bus, no pages, and no lock that a running server holds.
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning));
        if (options.Team is { } team)
        {
            services.AddPostgreSqlDatabase(team.Database);
        }
        else
        {
            services.AddSqliteDatabase(CatchUpHome.DatabaseOf(options.Home));
        }

        services.AddTracking();
        await using var provider = services.BuildServiceProvider();
        if (options.Team is not null)
        {
            await PostgreSqlWait.UntilReachableAsync(options.Team.Database, provider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(TokenIssue)), cancellation);
            await provider.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellation);
        }

        var accounts = provider.GetRequiredService<AccountStore>();
        await accounts.EnsureAdministratorAsync(options.AdminPassword, cancellation);
        var issued = await accounts.IssueTokenAsync(AccountStore.Administrator, name, cancellation)
            ?? throw new StartupException($"--new-token: there are {AccountStore.MostTokens} tokens already. Revoke one that is not used any more on the page /access.");
        await console.WriteLineAsync(issued.Secret);
    }
}
