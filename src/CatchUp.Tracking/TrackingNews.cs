using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Sweeps;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Searches;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace CatchUp.Tracking;

/// <summary>Tells the bus what was stored, after it was stored. News may be lost: it is a hint, and whoever needs the truth looks into the database.</summary>
internal sealed partial class TrackingNews(IBus bus, SearchSignal searches, TrackingOptions options, ILogger<TrackingNews> logger)
{
    public Task RunStateChangedAsync(long run, long sweep) => PublishAsync([
        new RunChanged { RunId = run, SweepId = sweep, StateChanged = true },
        new SweepChanged { SweepId = sweep },
    ]);

    public Task RunDataArrivedAsync(long run, long sweep) => PublishAsync([new RunChanged { RunId = run, SweepId = sweep, DataArrived = true }]);

    public Task RunChangedAsync(long run, long sweep) => PublishAsync([new RunChanged { RunId = run, SweepId = sweep }]);

    public Task SweepChangedAsync(long sweep) => PublishAsync([new SweepChanged { SweepId = sweep }]);

    public Task WorkersChangedAsync(Guid incarnation) => PublishAsync([new WorkersChanged { Incarnation = incarnation }]);

    public Task RunsQueuedAsync(int count) => PublishAsync([new RunsQueued { Count = count }]);

    /// <summary>Publishes each, and waits no longer than the news is worth.</summary>
    public async Task PublishAsync(IEnumerable<object> news)
    {
        // Whatever changed a sweep may let its search go on, also when the bus takes no news.
        var messages = news.ToList();
        searches.Tell(messages);

        // The caller's token is not used: what happened has happened, whether or not the caller still waits.
        using var limit = new CancellationTokenSource(options.NewsTimeout);
        try
        {
            foreach (var message in messages)
            {
                await bus.Publish(message, message.GetType(), limit.Token);
            }
        }
#pragma warning disable CA1031 // Whatever keeps news from the bus must not undo what is stored.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            Log.Lost(logger, problem);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The bus did not take news of a change. It is stored; pages show it when they next look")]
        public static partial void Lost(ILogger logger, Exception problem);
    }
}
