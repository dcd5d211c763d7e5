using CatchUp.Tracking.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CatchUp.Migrations.PostgreSql;

/// <summary>The team set-up's database.</summary>
public static class PostgreSqlDatabase
{
    public static IServiceCollection AddPostgreSqlDatabase(this IServiceCollection services, string connectionString)
    {
        services.AddSingleton<DatabaseDialect, PostgreSqlDialect>();
        return services.AddPooledDbContextFactory<CatchUpContext>(options => Configure(options, connectionString));
    }

    internal static void Configure(DbContextOptionsBuilder options, string connectionString)
        => options.UseNpgsql(Prepared(connectionString), postgres => postgres.MigrationsAssembly(typeof(PostgreSqlDatabase).Assembly.GetName().Name));

    /// <summary>
    /// What is asked again and again is parsed and planned once a connection, which is half of a short question's time; and nothing is compiled to machine code, which
    /// takes longer than any of our questions. Unless the connection string says otherwise.
    /// </summary>
    private static string Prepared(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (!connectionString.Contains("Auto Prepare", StringComparison.OrdinalIgnoreCase))
        {
            settings.MaxAutoPrepare = 100;
        }

        // Nothing here changes a connection's settings, so that nothing is to be set back when the next one takes it.
        if (!connectionString.Contains("No Reset On Close", StringComparison.OrdinalIgnoreCase))
        {
            settings.NoResetOnClose = true;
        }

        if (settings.Options is null or "")
        {
            settings.Options = "-c jit=off";
        }

        return settings.ConnectionString;
    }
}
