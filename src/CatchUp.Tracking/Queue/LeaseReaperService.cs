using CatchUp.Tracking.Database;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CatchUp.Tracking.Queue;

/// <summary>
/// Reaps, but only after this server has had the database and the bus without a break for one full lease: after an outage, or a sleep of the machine,
/// every living worker has had the time to say so.
/// </summary>
internal sealed partial class LeaseReaperService(LeaseReaper reaper, TrackingDatabase database, IBusControl bus, TrackingOptions options, TimeProvider time, ILogger<LeaseReaperService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watch = new ConnectionWatch(options, time);
        using var timer = new PeriodicTimer(options.ReapEvery, time);
        do
        {
            try
            {
                await database.ReadAsync(context => Sql.NowAsync(context, database.Dialect, stoppingToken), stoppingToken);
                if (watch.MayReap(bus.CheckHealth().Status == BusHealthStatus.Healthy) && await reaper.ReapAsync(stoppingToken) is > 0 and var reaped)
                {
                    Log.Reaped(logger, reaped);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A loop that must outlive every outage.
            catch (Exception problem)
#pragma warning restore CA1031
            {
                watch.MayReap(connected: false);
                Log.Failed(logger, problem);
            }
        }
        while (await WaitAsync(timer, stoppingToken));
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken cancellation)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Ended {Count} attempts whose workers were not heard of for a full lease")]
        public static partial void Reaped(ILogger logger, int count);

        [LoggerMessage(Level = LogLevel.Error, Message = "Could not look for expired leases; trying again. No run is lost by it")]
        public static partial void Failed(ILogger logger, Exception problem);
    }
}
