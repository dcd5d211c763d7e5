using CatchUp.Worker.Heartbeats;
using CatchUp.Worker.Machine;
using CatchUp.Worker.Recovery;
using CatchUp.Worker.Shipping;
using CatchUp.Worker.Slots;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CatchUp.Worker;

/// <summary>The worker's life: heartbeats, then, once it is let in, what was left behind, then the slots; at the end the shipments.</summary>
internal sealed partial class WorkerService(AttemptRecovery recovery, SlotLoop slotLoop, SlotBoard slots, HeartbeatLoop heartbeats, GraphicsCards cards, Admission admission, Shipments shipments, IHostApplicationLifetime lifetime, ILogger<WorkerService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host stops its services one after another; trainers are asked to leave as soon as the host begins to.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        try
        {
            await cards.MeasureAsync(stopping.Token);
            var beating = heartbeats.RunAsync(stopping.Token);

            // What earlier starts left is shipped only to a server that speaks the same language.
            await admission.Granted.WaitAsync(stopping.Token);
            await recovery.RunAsync(stopping.Token);
            await Task.WhenAll([beating, .. Enumerable.Range(0, slots.Count).Select(slot => slotLoop.RunAsync(slot, stopping.Token))]);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Exception problem)
        {
            Log.Broke(logger, problem);
            throw;
        }
        finally
        {
            await shipments.StopAsync();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Critical, Message = "The worker broke and the process stops.")]
        public static partial void Broke(ILogger logger, Exception problem);
    }
}
