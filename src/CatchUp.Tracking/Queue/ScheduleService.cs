using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CatchUp.Tracking.Queue;

/// <summary>Looks after windows and deadlines, and now and then predicts for runs that have no prediction yet.</summary>
internal sealed partial class ScheduleService(ScheduleKeeper keeper, QueueForecasts forecasts, TrackingOptions options, TimeProvider time, ILogger<ScheduleService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.ScheduleEvery, time);
        var predicted = time.GetTimestamp();
        do
        {
            try
            {
                if (await keeper.LookAsync(stoppingToken) is > 0 and var runs)
                {
                    Log.Kept(logger, runs);
                }

                if (time.GetElapsedTime(predicted) >= options.PredictEvery)
                {
                    await forecasts.StorePredictionsAsync(stoppingToken);
                    predicted = time.GetTimestamp();
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
        [LoggerMessage(Level = LogLevel.Information, Message = "Windows and deadlines: {Count} runs were told to pause or cancelled")]
        public static partial void Kept(ILogger logger, int count);

        [LoggerMessage(Level = LogLevel.Error, Message = "Could not look after windows and deadlines; trying again")]
        public static partial void Failed(ILogger logger, Exception problem);
    }
}
