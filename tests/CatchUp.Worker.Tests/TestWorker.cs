using CatchUp.Contracts;
using CatchUp.Contracts.Artifacts;
using CatchUp.Hosting.Bus;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CatchUp.Worker.Tests;

/// <summary>A worker in a host of its own, with a coordinator beside it on a real in-memory bus.</summary>
internal sealed class TestWorker : IAsyncDisposable
{
    private readonly IHost host;

    private TestWorker(IHost host, TestCoordinator coordinator, ArtifactDirectory artifacts, string attempts)
    {
        (this.host, Coordinator, Artifacts, Attempts) = (host, coordinator, artifacts, attempts);
    }

    public TestCoordinator Coordinator { get; }

    public ArtifactDirectory Artifacts { get; }

    public string Attempts { get; }

    public IBus Bus => host.Services.GetRequiredService<IBus>();

    /// <summary>Fires when the worker ends its process by itself.</summary>
    public CancellationToken Stopping => host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

    public static string Trainer { get; } = Path.Combine(AppContext.BaseDirectory, "stand-in-trainer.sh");

    public static async Task<TestWorker> StartAsync(TestFolder folder, TestCoordinator coordinator, Action<WorkerOptions>? configure = null)
    {
        var artifacts = new ArtifactDirectory(folder.Of("artifacts"));
        var attempts = folder.Of("attempts");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.Services.AddSingleton(coordinator);
        builder.Services.AddSingleton(artifacts);
        builder.Services.AddBus(new BusOptions { Json = ContractJson.Options }, bus =>
        {
            bus.AddConsumer<TestCoordinator.RequestRunConsumer>();
            bus.AddConsumer<TestCoordinator.ShipJournalConsumer>();
            bus.AddConsumer<TestCoordinator.HeartbeatConsumer>();
            bus.AddWorkerConsumers();
        });
        builder.Services.AddWorker(options =>
        {
            options.Name = "test";
            options.Directory = attempts;
            options.Trainer = Trainer;
            options.ThreadsPerSlot = 3;
            options.AskInterval = TimeSpan.FromMilliseconds(200);
            options.HeartbeatInterval = TimeSpan.FromMilliseconds(100);
            options.MeasureInterval = TimeSpan.FromMilliseconds(100);
            options.JournalInterval = TimeSpan.FromMilliseconds(20);
            options.RequestTimeout = TimeSpan.FromSeconds(2);
            options.RetryInterval = TimeSpan.FromMilliseconds(300);
            configure?.Invoke(options);
        });
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new TestWorker(host, coordinator, artifacts, attempts);
    }

    public Task StopAsync() => host.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }
}
