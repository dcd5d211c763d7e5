using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CatchUp.Tracking.Reproductions;

/// <summary>Makes the certificates of runs that have ended, whether or not somebody looks. Several servers may do it: the last word is as good as the first.</summary>
internal sealed partial class CertificateService(CertificateStore certificates, TrackingOptions options, TimeProvider time, ILogger<CertificateService> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Recurring.RunAsync(options.CertifyEvery, time, certificates.MakeDueAsync, problem => Log.Failed(logger, problem), stoppingToken, waitFirst: true);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Runs that repeat others could not be compared; trying again")]
        public static partial void Failed(ILogger logger, Exception problem);
    }
}
