using System.Diagnostics;
using CatchUp.Benchmarks.Tracking.Servers;
using CatchUp.Contracts;
using CatchUp.Contracts.Artifacts;
using CatchUp.Hosting.Bus;
using CatchUp.Migrations.PostgreSql;
using CatchUp.Migrations.Sqlite;
using CatchUp.Tracking;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Searches;
using MassTransit;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CatchUp.Benchmarks.Tracking;

/// <summary>The coordinator as the dashboard hosts it, on a database of its own, with the bus it is asked over.</summary>
internal sealed class Platform : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly DirectoryInfo _folder;
    private readonly PostgreSqlServer? _postgres;
    private readonly RabbitMqServer? _broker;

    private Platform(IHost host, DirectoryInfo folder, PostgreSqlServer? postgres, RabbitMqServer? broker) => (_host, _folder, _postgres, _broker) = (host, folder, postgres, broker);

    public IBus Bus => _host.Services.GetRequiredService<IBus>();

    public TrackingDatabase Database => Get<TrackingDatabase>();

    public T Get<T>()
        where T : notnull
        => _host.Services.GetRequiredService<T>();

    /// <param name="kind">On which database.</param>
    /// <param name="transport">Over which bus.</param>
    /// <param name="options">Where its files are.</param>
    /// <param name="rollups">Without, buckets are computed and not written: what they cost is the difference.</param>
    /// <param name="news">More consumers on the bus.</param>
    /// <param name="searches">Without, searches go on only when the caller lets them.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Platform> StartAsync(DatabaseKind kind, BusTransport transport, Options options, bool rollups = true, Action<IBusRegistrationConfigurator>? news = null, bool searches = true, CancellationToken cancellation = default)
    {
        if (transport == BusTransport.RabbitMq && !RabbitMqServer.IsInstalled)
        {
            throw new BenchmarkException("RabbitMQ is not installed: apt-get install rabbitmq-server.");
        }

        var folder = Directory.CreateDirectory(Path.Combine(options.Folder, $"catchup-benchmark-{Guid.NewGuid():N}"));
        var (postgres, broker, host) = ((PostgreSqlServer?)null, (RabbitMqServer?)null, (IHost?)null);
        try
        {
            postgres = kind == DatabaseKind.PostgreSql ? await PostgreSqlServer.StartAsync(options.Folder, cancellation) : null;
            broker = transport == BusTransport.RabbitMq ? await RabbitMqServer.StartAsync(cancellation) : null;
            host = BuildHost(folder, postgres, broker, rollups, news, searches);
            await host.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellation);
            await host.StartAsync(cancellation);
            return new Platform(host, folder, postgres, broker);
        }
        catch
        {
            host?.Dispose();
            await EndAsync(folder, postgres, broker);
            throw;
        }
    }

    private static IHost BuildHost(DirectoryInfo folder, PostgreSqlServer? postgres, RabbitMqServer? broker, bool rollups, Action<IBusRegistrationConfigurator>? news, bool searches)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        // What fails in a consumer is told here and nowhere else.
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.Critical);
        builder.Services.AddSingleton(new ArtifactDirectory(Path.Combine(folder.FullName, "artifacts")));
        if (postgres is null)
        {
            builder.Services.AddSqliteDatabase(Path.Combine(folder.FullName, "catchup.db"));
        }
        else
        {
            builder.Services.AddPostgreSqlDatabase($"{postgres.Connection};Database=catchup");
        }

        if (!rollups)
        {
            var dialect = builder.Services.Single(service => service.ServiceType == typeof(DatabaseDialect)).ImplementationType!;
            builder.Services.AddSingleton<DatabaseDialect>(services => new WithoutRollups((DatabaseDialect)ActivatorUtilities.CreateInstance(services, dialect)));
        }

        var bus = broker is null
            ? new BusOptions { Json = ContractJson.Options }
            : new BusOptions { Json = ContractJson.Options, Transport = BusTransport.RabbitMq, Broker = broker.Address, User = RabbitMqServer.User, Password = RabbitMqServer.Password };
        builder.Services.AddBus(bus, registration =>
        {
            registration.AddTrackingConsumers();
            news?.Invoke(registration);
        });
        builder.Services.AddTracking();
        if (!searches)
        {
            builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(SearchService)));
        }

        return builder.Build();
    }

    public Task<CatchUpContext> ContextAsync(CancellationToken cancellation) => Get<IDbContextFactory<CatchUpContext>>().CreateDbContextAsync(cancellation);

    /// <summary>Processor seconds so far.</summary>
    public (double Server, double Broker, double Database) ProcessorSeconds()
    {
        using var self = Process.GetCurrentProcess();
        return (self.TotalProcessorTime.TotalSeconds, _broker is null ? 0 : ProcessorTime.Of(_broker.ProcessId), _postgres is null ? 0 : ProcessorTime.Of(_postgres.ProcessId));
    }

    public long DatabaseBytes(CancellationToken cancellation)
    {
        if (_postgres is null)
        {
            return _folder.EnumerateFiles("catchup.db*").Sum(file => file.Length);
        }

        return Database.ReadAsync(async context => await Sql.NumberAsync(context, "SELECT pg_database_size(current_database())", cancellation) ?? 0, cancellation).GetAwaiter().GetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await EndAsync(_folder, _postgres, _broker);
    }

    private static async Task EndAsync(DirectoryInfo folder, PostgreSqlServer? postgres, RabbitMqServer? broker)
    {
        SqliteConnection.ClearAllPools();
        NpgsqlConnection.ClearAllPools();
        if (broker is not null)
        {
            await broker.DisposeAsync();
        }

        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }
}
