using CatchUp.Contracts;
using CatchUp.Contracts.Artifacts;
using CatchUp.Dashboard.Access;
using CatchUp.Dashboard.Api;
using CatchUp.Dashboard.Shell;
using CatchUp.Hosting.Bus;
using CatchUp.Migrations.PostgreSql;
using CatchUp.Migrations.Sqlite;
using CatchUp.Tracking;
using CatchUp.Tracking.Accounts;
using CatchUp.Tracking.Database;
using CatchUp.Worker;
using MassTransit;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CatchUp.Dashboard.Startup;

/// <summary>The server as one object: pages, API and coordinator; in the embedded set-up also database, bus and a worker, all in this process.</summary>
public sealed class DashboardHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly CatchUpHome home;
    private readonly DashboardOptions options;

    private DashboardHost(WebApplication app, CatchUpHome home, DashboardOptions options)
    {
        (this.app, this.home, this.options) = (app, home, options);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Where the pages are.</summary>
    public Uri Address { get; }

    public string Home => home.Path;

    public IServiceProvider Services => app.Services;

    /// <summary>Returns when the database is up to date and the pages can be opened.</summary>
    /// <exception cref="StartupException">It cannot start.</exception>
    public static async Task<DashboardHost> StartAsync(DashboardOptions options, CancellationToken cancellation = default)
    {
        if (options is { Team: not null, AdminPassword: null })
        {
            throw new StartupException(EnvironmentVariables.AdminPasswordMissing);
        }

        var addresses = ListenAddresses.Parse(options.Urls, signIn: options.AdminPassword is not null);
        var trainer = options.Team is { Worker: false } ? null : TrainerLocation.Find(options.Trainer);
        if (options.Demo)
        {
            DemoSweep.EnsureThere();
        }

        var home = CatchUpHome.Open(options.Home, shared: trainer is null);
        WebApplication? app = null;
        try
        {
            ListenAddresses.EnsureFree(addresses);
            app = Build(options, addresses, home, trainer);
            await PrepareAsync(app, options, home, cancellation);
            await app.StartAsync(cancellation);
            var host = new DashboardHost(app, home, options);
            home.WriteAddress(host.Address.GetLeftPart(UriPartial.Authority));
            return host;
        }
        catch
        {
            if (app is not null)
            {
                await app.DisposeAsync();
            }

            home.Dispose();
            throw;
        }
    }

    /// <summary>Says where it is and where its data is, and submits the demo if that was asked for.</summary>
    public async Task AnnounceAsync(TextWriter console)
    {
        var address = Address.GetLeftPart(UriPartial.Authority);
        await console.WriteLineAsync($"CatchUp Platform is at {address}");
        await console.WriteLineAsync($"Its data is in {Home}");
        if (options.Demo)
        {
            var sweep = await DemoSweep.SubmitAsync(Services.GetRequiredService<IBus>(), app.Lifetime.ApplicationStopping);
            await console.WriteLineAsync(sweep.AlreadyKnown ? $"The demo sweep is there already: {address}/sweeps/{sweep.SweepId}" : $"The demo sweep of {sweep.Runs} runs is queued: {address}/sweeps/{sweep.SweepId}");
        }

        if (ListenAddresses.AreReadableOnTheWay(ListenAddresses.Parse(options.Urls, signIn: true)) && options.Proxies.Count == 0)
        {
            await console.WriteLineAsync("Other machines reach it without TLS: passwords can be read on the way. Put a proxy with TLS before it (docs/team.md).");
        }

        await console.WriteLineAsync(options.Team is null ? "Ctrl+C stops it; runs go on from their last checkpoints at the next start." : "Ctrl+C stops it; workers go on meanwhile.");
        await console.FlushAsync();
    }

    public Task UntilStoppedAsync() => app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        home.Dispose();
    }

    /// <summary>What has to be there before the first request: database and broker that answer, this version's schema, the administrator, a key.</summary>
    private static async Task PrepareAsync(WebApplication app, DashboardOptions options, CatchUpHome home, CancellationToken cancellation)
    {
        var services = app.Services;
        if (options.Team is { } team)
        {
            var logger = services.GetRequiredService<ILogger<DashboardHost>>();
            await PostgreSqlWait.UntilReachableAsync(team.Database, logger, cancellation);
            await BrokerWait.UntilReachableAsync(team.Bus, logger, cancellation);
        }

        await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellation);
        await KeyFolder.EnsureKeyAsync(home.Keys, services.GetRequiredService<IKeyManager>(), services.GetRequiredService<TimeProvider>(), cancellation);
        if (options.AdminPassword is { } password)
        {
            await services.GetRequiredService<AccountStore>().EnsureAdministratorAsync(password, cancellation);
        }
    }

    private static WebApplication Build(DashboardOptions options, IReadOnlyList<Uri> addresses, CatchUpHome home, string? trainer)
    {
        // Beside the program, wherever it is started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = typeof(DashboardHost).Assembly.GetName().Name });
        builder.Logging.ClearProviders().AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss ")).SetMinimumLevel(LogLevel.Warning)
            // It warns that the keys lie unencrypted in their folder, which is for this program's user alone.
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
            // Whoever asked tells of a failed command; the first start's question for a table that is not there yet is none.
            .AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.Critical);
        builder.WebHost.UseUrls([.. addresses.Select(address => address.GetLeftPart(UriPartial.Authority))]);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));

        builder.Services.AddSingleton(new ArtifactDirectory(home.Artifacts));
        if (options.Team is { } team)
        {
            builder.Services.AddPostgreSqlDatabase(team.Database);
        }
        else
        {
            builder.Services.AddSqliteDatabase(home.Database);
        }

        builder.Services.AddBus(options.Team?.Bus ?? new BusOptions { Json = ContractJson.Options }, bus =>
        {
            bus.AddTrackingConsumers();
            bus.AddPagesConsumers();
            if (trainer is not null)
            {
                bus.AddWorkerConsumers();
            }
        });
        builder.Services.AddTracking(tracking =>
        {
            tracking.Retention = Storage.RetentionSetting.Read();
            AlertSettings.Read(tracking);
        });
        var access = new AccessOptions { SignIn = options.AdminPassword is not null, Hosts = options.Hosts, Proxies = options.Proxies };
        builder.Services.AddAccess(access, home.Keys);
        builder.Services.AddPages();
        builder.Services.AddApi();
        if (trainer is not null)
        {
            builder.Services.AddWorker(worker =>
            {
                worker.Directory = home.Attempts;
                worker.Trainer = trainer;
                worker.DataDirectory = Environment.GetEnvironmentVariable("CATCHUP_DATA") is { Length: > 0 } data ? data : null;
                worker.ExtractorDirectory = Environment.GetEnvironmentVariable("CATCHUP_EXTRACTORS") is { Length: > 0 } extractors ? extractors : null;
                worker.DownloadDatasets = Environment.GetEnvironmentVariable("CATCHUP_DOWNLOAD") == "1";
                options.Worker?.Invoke(worker);
            });
        }

        options.Host?.Invoke(builder);

        var app = builder.Build();
        app.UseDoor(access);
        app.MapPages();
        app.MapSignIn(access);
        app.MapApi();
        return app;
    }
}
