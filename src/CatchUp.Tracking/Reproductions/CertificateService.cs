using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CatchUp.Tracking.Reproductions;

/// <summary>Makes the certificates of runs that have ended, whether or not somebody looks. Several servers may do it: the last word is as good as the first.</summary>
internal sealed partial class CertificateService(CertificateStore certificates, TrackingOptions options, TimeProvider time, ILogger<CertificateService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.CertifyEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            await certificates.MakeDueAsync(cancellation);
        }
#pragma warning disable CA1031 // A loop that must outlive every outage.
        catch (Exception problem) when (problem is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Log.Failed(logger, problem);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Runs that repeat others could not be compared; trying again")]
        public static partial void Failed(ILogger logger, Exception problem);
    }
}
