using CatchUp.Hosting.Bus;
using CatchUp.Worker.Artifacts;
using CatchUp.Worker.Heartbeats;
using CatchUp.Worker.Machine;
using CatchUp.Worker.Recovery;
using CatchUp.Worker.Shipping;
using CatchUp.Worker.Slots;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CatchUp.Worker;

public static class WorkerRegistration
{
    /// <summary>Makes this process a worker. Call it after the bus is added: it stops before the bus does. Its artifacts are in the <see cref="Contracts.Artifacts.ArtifactDirectory"/>, unless a store of another kind was added before.</summary>
    public static IServiceCollection AddWorker(this IServiceCollection services, Action<WorkerOptions> configure)
    {
        services.AddOptions<WorkerOptions>()
            .Configure(configure)
            .Validate(options => options.Slots is >= 1 and <= 64, "Worker: Slots must be between 1 and 64.")
            .Validate(options => options.Devices.Count > 0, "Worker: Devices is empty.")
            .Validate(options => options.Directory.Length > 0, "Worker: Directory, where attempts are kept, is not set.")
            .Validate(options => File.Exists(options.Trainer), "Worker: the trainer's program is not there. Build the whole solution, or set CATCHUP_TRAINER to it.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<WorkerIdentity>();
        services.TryAddSingleton<IArtifactStore, DirectoryArtifacts>();
        services.AddSingleton<Admission>();
        services.AddSingleton<Coordinator>();
        services.AddSingleton<Shipments>();
        services.AddSingleton<SlotBoard>();
        services.AddSingleton<SlotLoop>();
        services.AddSingleton<GraphicsCards>();
        services.AddSingleton<Capabilities>();
        services.AddSingleton<HeartbeatLoop>();
        services.AddSingleton<AttemptRecovery>();
        services.AddHostedService<WorkerService>();
        return services;
    }

    public static void AddWorkerConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddNewsConsumer<RunsQueuedConsumer>();
        bus.AddNewsConsumer<AttemptOrderConsumer>();
    }
}
