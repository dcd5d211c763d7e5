using CatchUp.Tracking.Database;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Migrations.Sqlite;

/// <summary>The embedded set-up's database: one file.</summary>
public static class SqliteDatabase
{
    /// <param name="services">Gets the context factory and the provider's SQL.</param>
    /// <param name="file">The database file; it and its folder are made when missing.</param>
    public static IServiceCollection AddSqliteDatabase(this IServiceCollection services, string file)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        services.AddSingleton<DatabaseDialect, SqliteDialect>();
        return services.AddPooledDbContextFactory<CatchUpContext>(options => Configure(options, file));
    }

    /// <summary>Opens a database that nobody is writing, to read from it and to leave it as it is.</summary>
    public static CatchUpContext OpenReadOnly(string file)
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false };
        var options = new DbContextOptionsBuilder<CatchUpContext>();
        options.UseSqlite(connection.ConnectionString, sqlite => sqlite.MigrationsAssembly(typeof(SqliteDatabase).Assembly.GetName().Name));
        return new CatchUpContext(options.Options);
    }

    internal static void Configure(DbContextOptionsBuilder options, string file)
    {
        var connection = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            ForeignKeys = true,
            // Seconds in which a statement is tried again after SQLite's own patience (SqliteSettings) has ended: none.
            DefaultTimeout = 5,
        };
        options
            .UseSqlite(connection.ConnectionString, sqlite => sqlite.MigrationsAssembly(typeof(SqliteDatabase).Assembly.GetName().Name))
            .AddInterceptors(new SqliteSettings());
    }
}
