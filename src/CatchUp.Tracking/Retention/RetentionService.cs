using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CatchUp.Tracking.Retention;

/// <summary>Frees in the background what the policies let go. Two servers may both do it: each looks again under the run's lock.</summary>
internal sealed partial class RetentionService(RetentionStore retention, TrackingOptions options, TimeProvider time, ILogger<RetentionService> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Recurring.RunAsync(options.RetainEvery, time, ApplyAsync, problem => Log.Failed(logger, problem), stoppingToken, waitFirst: true);

    private async Task ApplyAsync(CancellationToken cancellation)
    {
        if (await retention.ApplyAsync(cancellation) is { Checkpoints: > 0 } freed)
        {
            Log.Freed(logger, freed.Checkpoints, freed.Runs, freed.Bytes);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Retention freed {Count} checkpoints of {Runs} runs, {Bytes} bytes")]
        public static partial void Freed(ILogger logger, int count, int runs, long bytes);

        [LoggerMessage(Level = LogLevel.Error, Message = "Retention could not look for checkpoints to free; trying again later")]
        public static partial void Failed(ILogger logger, Exception problem);
    }
}
