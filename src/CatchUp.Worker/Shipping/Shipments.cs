using System.Collections.Concurrent;
using CatchUp.Worker.Artifacts;
using CatchUp.Worker.Attempts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CatchUp.Worker.Shipping;

/// <summary>All shipments of this worker, so that its end can wait for them for a moment.</summary>
internal sealed class Shipments(Coordinator coordinator, IArtifactStore artifacts, IOptions<WorkerOptions> options, TimeProvider clock, ILogger<Shipment> logger)
{
    private readonly ConcurrentDictionary<AttemptDirectory, (Shipment Shipment, Task Running)> running = new();

    public Shipment Start(AttemptDirectory directory)
    {
        var shipment = new Shipment(directory, coordinator, artifacts, options.Value, clock, logger);
        running[directory] = (shipment, RunAsync(directory, shipment));
        return shipment;
    }

    /// <summary>Gives up what is still being shipped under that name: the coordinator has just given the name out anew, so its database is another one.</summary>
    public async Task DropAsync(AttemptDirectory directory)
    {
        if (running.TryGetValue(directory, out var old))
        {
            old.Shipment.Drop();
            await old.Running;
        }
    }

    /// <summary>Ends every shipment where it is; directories that are not stored stay for the next start.</summary>
    public async Task StopAsync()
    {
        foreach (var (shipment, _) in running.Values)
        {
            shipment.Stop();
        }

        await Task.WhenAll(running.Values.Select(shipment => shipment.Running));
    }

    private async Task RunAsync(AttemptDirectory directory, Shipment shipment)
    {
        await shipment.RunAsync();
        running.TryRemove(directory, out _);
    }
}
