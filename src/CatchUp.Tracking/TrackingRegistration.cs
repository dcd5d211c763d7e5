using CatchUp.Contracts.Artifacts;
using CatchUp.Tracking.Accounts;
using CatchUp.Tracking.Alerts;
using CatchUp.Tracking.Annotations;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Ingest;
using CatchUp.Tracking.Launching;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Nights;
using CatchUp.Tracking.Parameters;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Reports;
using CatchUp.Tracking.Reproductions;
using CatchUp.Tracking.Retention;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Samples;
using CatchUp.Tracking.Sources;
using CatchUp.Tracking.Searches;
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
        services.AddSingleton<TrackingDatabase>();
        services.AddSingleton<SearchSignal>();
        services.AddSingleton<TrackingNews>();
        services.AddSingleton<RunRemoval>();
        services.AddSingleton<RunRetry>();
        services.AddSingleton<RunQueue>();
        services.AddSingleton<Heartbeats>();
        services.AddSingleton<JournalIngest>();
        services.AddSingleton<LeaseReaper>();
        services.AddHostedService<LeaseReaperService>();
        services.AddSingleton<ScheduleKeeper>();
        services.AddHostedService<ScheduleService>();
        services.AddSingleton<SearchCoordinator>();
        services.AddHostedService<SearchService>();
        services.AddSingleton(p => new SearchStore(Get<TrackingDatabase>(p), Get<SearchCoordinator>(p)));
        services.AddSingleton(WebhookTargets.Parse(options.WebhookAllow));
        services.AddSingleton(p => new WebhookSender(Get<WebhookTargets>(p), Get<TimeProvider>(p)));
        services.AddSingleton<AlertOutbox>();
        services.AddHostedService<AlertService>();
        services.AddHostedService<RetentionService>();
        services.AddHostedService<CertificateService>();

        // Written out because their constructors are internal: what the stores are made of stays in here.
        services.AddSingleton(p => new DatabaseMigrator(Get<IDbContextFactory<CatchUpContext>>(p), Get<DatabaseDialect>(p), Get<ILogger<DatabaseMigrator>>(p)));
        services.AddSingleton(new SweepPlanner());
        services.AddSingleton(p => new SweepStore(Get<TrackingDatabase>(p), Get<RunRemoval>(p), Get<RunRetry>(p), Get<TrackingNews>(p), Get<TimeProvider>(p)));
        services.AddSingleton<SweepIntake>();
        services.AddSingleton(p => new AnnotationStore(Get<TrackingDatabase>(p), Get<TrackingNews>(p), Get<TimeProvider>(p)));
        services.AddSingleton(p => new ReportStore(Get<TrackingDatabase>(p), Get<ArtifactDirectory>(p), Get<TimeProvider>(p)));
        services.AddSingleton<ReportDataReader>();
        services.AddSingleton(p => new RunStore(Get<TrackingDatabase>(p), Get<ArtifactDirectory>(p), Get<RunRemoval>(p), Get<RunRetry>(p), Get<TrackingNews>(p), Get<TrackingOptions>(p), Get<TimeProvider>(p)));
        services.AddSingleton(p => new ReproductionStore(Get<TrackingDatabase>(p), Get<TrackingNews>(p), Get<TrackingOptions>(p), Get<TimeProvider>(p)));
        services.AddSingleton(p => new CertificateStore(Get<TrackingDatabase>(p), Get<ArtifactDirectory>(p), Get<TrackingNews>(p), Get<TimeProvider>(p)));
        services.AddSingleton(p => new SourcePatchStore(Get<TrackingDatabase>(p)));
        services.AddSingleton(p => new MetricStore(Get<TrackingDatabase>(p)));
        services.AddSingleton(p => new ParameterStore(Get<TrackingDatabase>(p), Get<TimeProvider>(p)));
        services.AddSingleton(p => new SampleStore(Get<TrackingDatabase>(p), Get<ArtifactDirectory>(p)));
        services.AddSingleton(p => new EvaluationStore(Get<TrackingDatabase>(p)));
        services.AddSingleton(p => new WorkerStore(Get<TrackingDatabase>(p), Get<TrackingNews>(p), Get<TrackingOptions>(p), Get<TimeProvider>(p)));
        services.AddSingleton(p => new WorkerTokenStore(Get<TrackingDatabase>(p), Get<TimeProvider>(p)));
        services.AddSingleton(p => new AccountStore(Get<TrackingDatabase>(p), Get<TimeProvider>(p)));
        services.AddSingleton(p => new QueueForecasts(Get<TrackingDatabase>(p), Get<TrackingOptions>(p), Get<TimeProvider>(p)));
        services.AddSingleton(p => new SweepOutlooks(Get<TrackingDatabase>(p), Get<SweepPlanner>(p), Get<QueueForecasts>(p), Get<TrackingOptions>(p), Get<TimeProvider>(p)));
        services.AddSingleton(p => new QueueStore(Get<TrackingDatabase>(p), Get<QueueForecasts>(p), Get<TrackingNews>(p), Get<TrackingOptions>(p), Get<TimeProvider>(p)));
        services.AddSingleton(p => new AlertStore(Get<TrackingDatabase>(p), Get<WebhookTargets>(p), Get<TimeProvider>(p)));
        services.AddSingleton(p => new NightStore(Get<TrackingDatabase>(p), Get<TrackingOptions>(p), Get<TimeProvider>(p)));
        services.AddSingleton(p => new RetentionStore(Get<TrackingDatabase>(p), Get<ArtifactDirectory>(p), Get<TrackingNews>(p), Get<TrackingOptions>(p), Get<TimeProvider>(p)));
        return services;
    }

    /// <summary>The coordinator's ears: sweeps, requests for runs, heartbeats, journals.</summary>
    public static IBusRegistrationConfigurator AddTrackingConsumers(this IBusRegistrationConfigurator bus)
    {
        ArgumentNullException.ThrowIfNull(bus);

        // Each answer costs one transaction; more at a time than these only wait for each other in the database.
        bus.AddConsumer<SubmitSweepConsumer>(consumer => consumer.ConcurrentMessageLimit = 1);
        bus.AddConsumer<HeartbeatConsumer>(consumer => consumer.ConcurrentMessageLimit = 4);
        bus.AddConsumer<ShipJournalConsumer>(consumer => consumer.ConcurrentMessageLimit = 8);

        // But requests for runs that wait together are answered in one.
        bus.AddConsumer<RequestRunConsumer>(consumer => consumer.ConcurrentMessageLimit = 64);
        return bus;
    }

    private static T Get<T>(IServiceProvider provider)
        where T : notnull
        => provider.GetRequiredService<T>();
}
