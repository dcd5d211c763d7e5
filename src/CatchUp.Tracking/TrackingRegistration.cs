using CatchUp.Contracts.Artifacts;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Samples;
using CatchUp.Tracking.Sweeps;
using CatchUp.Tracking.Workers;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace CatchUp.Tracking;

public static class TrackingRegistration
{
    /// <summary>
    /// The stores and the loops that look after leases. Expects a database (AddSqliteDatabase or AddPostgreSqlDatabase), a bus and an <see cref="ArtifactDirectory"/>;
    /// the host calls <see cref="DatabaseMigrator.MigrateAsync"/> before it starts anything.
    /// </summary>
    public static IServiceCollection AddTracking(this IServiceCollection services, Action<TrackingOptions>? configure = null)
    {
        var options = new TrackingOptions();
        configure?.Invoke(options);
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<TrackingNews>();

        // Written out because their constructors are internal: what they are made of stays in here.
        services.AddSingleton(provider => new DatabaseMigrator(Contexts(provider), provider.GetRequiredService<DatabaseDialect>(), provider.GetRequiredService<ILogger<DatabaseMigrator>>()));
        services.AddSingleton<SweepPlanner>();
        services.AddSingleton<SweepStore>();
        services.AddSingleton<RunStore>();
        services.AddSingleton<MetricStore>();
        services.AddSingleton<SampleStore>();
        services.AddSingleton<EvaluationStore>();
        services.AddSingleton<WorkerStore>();
        services.AddSingleton<QueueStore>();
        return services;
    }

    /// <summary>The coordinator's ears: sweeps, requests for runs, heartbeats, journals.</summary>
    public static IBusRegistrationConfigurator AddTrackingConsumers(this IBusRegistrationConfigurator bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        return bus;
    }

    private static IDbContextFactory<CatchUpContext> Contexts(IServiceProvider provider) => provider.GetRequiredService<IDbContextFactory<CatchUpContext>>();
}
