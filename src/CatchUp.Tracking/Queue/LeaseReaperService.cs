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
    private readonly ConnectionWatch _watch = new(options, time);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Recurring.RunAsync(options.ReapEvery, time, LookAsync, Failed, stoppingToken);

    private async Task LookAsync(CancellationToken cancellation)
    {
        await database.ReadAsync(context => Sql.NowAsync(context, database.Dialect, cancellation), cancellation);
        if (_watch.MayReap(bus.CheckHealth().Status == BusHealthStatus.Healthy) && await reaper.ReapAsync(cancellation) is > 0 and var reaped)
        {
            Log.Reaped(logger, reaped);
        }
    }

    private void Failed(Exception problem)
    {
        _watch.MayReap(connected: false);
        Log.Failed(logger, problem);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Ended {Count} attempts whose workers were not heard of for a full lease")]
        public static partial void Reaped(ILogger logger, int count);

        [LoggerMessage(Level = LogLevel.Error, Message = "Could not look for expired leases; trying again. No run is lost by it")]
        public static partial void Failed(ILogger logger, Exception problem);
    }
}
