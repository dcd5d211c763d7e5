using CatchUp.Contracts;
using CatchUp.Contracts.Artifacts;
using CatchUp.Dashboard.Api;
using CatchUp.Dashboard.Shell;
using CatchUp.Hosting.Bus;
using CatchUp.Migrations.Sqlite;
using CatchUp.Tracking;
using CatchUp.Tracking.Database;
using CatchUp.Worker;
using MassTransit;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CatchUp.Dashboard.Startup;

/// <summary>The embedded set-up as one object: pages, API, coordinator, database, bus and a worker, in this process.</summary>
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
        var addresses = ListenAddresses.Parse(options.Urls);
        var trainer = TrainerLocation.Find(options.Trainer);
        if (options.Demo)
        {
            DemoSweep.EnsureThere();
        }

        var home = CatchUpHome.Open(options.Home);
        WebApplication? app = null;
        try
        {
            ListenAddresses.EnsureFree(addresses);
            app = Build(options, addresses, home, trainer);
            await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellation);
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

        await console.WriteLineAsync("Ctrl+C stops it; runs go on from their last checkpoints at the next start.");
        await console.FlushAsync();
    }

    public Task UntilStoppedAsync() => app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        home.Dispose();
    }

    private static WebApplication Build(DashboardOptions options, IReadOnlyList<Uri> addresses, CatchUpHome home, string trainer)
    {
        // Beside the program, wherever it is started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = typeof(DashboardHost).Assembly.GetName().Name });
        builder.Logging.ClearProviders().AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss ")).SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls([.. addresses.Select(address => address.GetLeftPart(UriPartial.Authority))]);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));

        builder.Services.AddSingleton(new ArtifactDirectory(home.Artifacts));
        builder.Services.AddSqliteDatabase(home.Database);
        builder.Services.AddBus(new BusOptions { Json = ContractJson.Options }, bus =>
        {
            bus.AddTrackingConsumers();
            bus.AddPagesConsumers();
            bus.AddWorkerConsumers();
        });
        builder.Services.AddTracking(AlertSettings.Read);
        builder.Services.AddPages();
        builder.Services.AddApi();
        builder.Services.AddWorker(worker =>
        {
            worker.Directory = home.Attempts;
            worker.Trainer = trainer;
            worker.DataDirectory = Environment.GetEnvironmentVariable("CATCHUP_DATA") is { Length: > 0 } data ? data : null;
            worker.DownloadDatasets = Environment.GetEnvironmentVariable("CATCHUP_DOWNLOAD") == "1";
            options.Worker?.Invoke(worker);
        });
        options.Host?.Invoke(builder);

        var app = builder.Build();
        app.UseLoopbackDoor();
        app.MapPages();
        app.MapApi();
        return app;
    }
}
