using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CatchUp.Tracking.Searches;

/// <summary>Lets searching sweeps go on when something of them has changed, and now and then all of them: what a crash or another server kept from being told is found by looking.</summary>
internal sealed partial class SearchService(SearchCoordinator coordinator, SearchSignal signal, TrackingOptions options, ILogger<SearchService> logger) : BackgroundService
{
    /// <summary>Points arrive all the time: sweeps are looked at no more often than this.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    /// <summary>A sweep whose ledger has to be read, or that proposes very many runs, is not what the others wait for.</summary>
    private const int AtOnce = 4;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (looked, first) = (Stopwatch.StartNew(), true);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var changed = first ? [] : await signal.TakeAsync(options.SearchEvery, stoppingToken);
                var all = first || looked.Elapsed >= options.SearchEvery;
                if (all)
                {
                    looked.Restart();
                }

                first = false;
                await Parallel.ForEachAsync(
                    await coordinator.OpenAsync(all ? null : changed, stoppingToken), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken }, async (sweep, cancellation) => await AdvanceAsync(sweep, cancellation));

                await Task.Delay(Rest, stoppingToken);
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
                await Task.Delay(options.SearchEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task AdvanceAsync(long sweep, CancellationToken cancellation)
    {
        try
        {
            await coordinator.AdvanceAsync(sweep, cancellation);
        }
#pragma warning disable CA1031 // One sweep that cannot go on must not keep the others from it.
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.SweepFailed(logger, problem, sweep);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Could not look after searching sweeps; trying again")]
        public static partial void Failed(ILogger logger, Exception problem);

        [LoggerMessage(Level = LogLevel.Error, Message = "The search of sweep {Sweep} could not go on; trying again")]
        public static partial void SweepFailed(ILogger logger, Exception problem, long sweep);
    }
}
