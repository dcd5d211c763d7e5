using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CatchUp.Tracking.Queue;

/// <summary>Looks after windows and deadlines, and now and then predicts for runs that have no prediction yet.</summary>
internal sealed partial class ScheduleService(ScheduleKeeper keeper, QueueForecasts forecasts, TrackingOptions options, TimeProvider time, ILogger<ScheduleService> logger) : BackgroundService
{
    private long _predicted = time.GetTimestamp();

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Recurring.RunAsync(options.ScheduleEvery, time, LookAsync, problem => Log.Failed(logger, problem), stoppingToken);

    private async Task LookAsync(CancellationToken cancellation)
    {
        if (await keeper.LookAsync(cancellation) is > 0 and var runs)
        {
            Log.Kept(logger, runs);
        }

        if (time.GetElapsedTime(_predicted) >= options.PredictEvery)
        {
            await forecasts.StorePredictionsAsync(cancellation);
            _predicted = time.GetTimestamp();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Windows and deadlines: {Count} runs were told to pause or cancelled")]
        public static partial void Kept(ILogger logger, int count);

        [LoggerMessage(Level = LogLevel.Error, Message = "Could not look after windows and deadlines; trying again")]
        public static partial void Failed(ILogger logger, Exception problem);
    }
}
