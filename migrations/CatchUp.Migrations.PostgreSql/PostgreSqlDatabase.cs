using CatchUp.Tracking.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

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
        => options.UseNpgsql(connectionString, postgres => postgres.MigrationsAssembly(typeof(PostgreSqlDatabase).Assembly.GetName().Name));
}
