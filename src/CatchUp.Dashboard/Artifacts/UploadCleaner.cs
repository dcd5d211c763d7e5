namespace CatchUp.Dashboard.Artifacts;

/// <summary>Drops old unfinished uploads, now and then.</summary>
internal sealed partial class UploadCleaner(UploadStaging staging, TimeProvider time, ILogger<UploadCleaner> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                if (staging.RemoveOld() is > 0 and var removed)
                {
                    Log.Removed(logger, removed);
                }
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                Log.Failed(logger, problem.Message);
            }

            await Task.Yield();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Dropped {Count} uploads that nobody finished")]
        public static partial void Removed(ILogger logger, int count);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Unfinished uploads could not be looked through: {Problem}")]
        public static partial void Failed(ILogger logger, string problem);
    }
}
