using System.Collections.Concurrent;
using System.Threading.Channels;

namespace CatchUp.Dashboard.Live;

/// <summary>
/// Hands the bus's news to the pages that are open in this process. News of a burst is coalesced, and since news can be lost,
/// every subscriber is also called now and then without any.
/// </summary>
public sealed partial class ChangeFeed(TimeProvider time, ILogger<ChangeFeed> logger)
{
    /// <summary>Shortest time between two calls of one subscriber that asks for no other.</summary>
    public static readonly TimeSpan Throttle = TimeSpan.FromMilliseconds(300);

    /// <summary>How often progress is told of.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Subscription, byte> _subscriptions = new();

    /// <summary>Tells every subscriber that the news concerns. Never waits for them.</summary>
    public void Publish(Change change)
    {
        foreach (var (subscription, _) in _subscriptions)
        {
            subscription.Offer(change);
        }
    }

    /// <summary>Calls <paramref name="changed"/>, one call at a time, soon after news that concerns it and at least every <paramref name="refresh"/>; until disposed.</summary>
    /// <param name="concerns">Asked on the bus's thread: quick and without side effects.</param>
    /// <param name="changed">Its failures are logged, and it is called again with the next news.</param>
    /// <param name="refresh">The safety net against lost news.</param>
    /// <param name="throttle">Shortest time between two calls; <see cref="Throttle"/> unless given.</param>
    /// <param name="progresses">News that can wait a moment: it is told of within <see cref="Pace"/>, however much of it comes. Asked like <paramref name="concerns"/>.</param>
    public IDisposable Subscribe(Func<Change, bool> concerns, Func<CancellationToken, Task> changed, TimeSpan refresh, TimeSpan? throttle = null, Func<Change, bool>? progresses = null)
    {
        var subscription = new Subscription(this, concerns, progresses ?? (_ => false));
        _subscriptions[subscription] = 0;
        _ = subscription.RunAsync(changed, refresh, throttle ?? Throttle);
        return subscription;
    }

    private sealed class Subscription(ChangeFeed feed, Func<Change, bool> concerns, Func<Change, bool> progresses) : IDisposable
    {
        private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        private readonly CancellationTokenSource _ended = new();
        private volatile bool _progressed;

        public void Offer(Change change)
        {
            if (concerns(change))
            {
                _news.Writer.TryWrite(true);
            }
            else if (progresses(change))
            {
                _progressed = true;
            }
        }

        public async Task RunAsync(Func<CancellationToken, Task> changed, TimeSpan refresh, TimeSpan throttle)
        {
            var ended = _ended.Token;
            while (!ended.IsCancellationRequested)
            {
                try
                {
                    await WaitForNewsAsync(refresh, ended).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                    await changed(ended).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (ended.IsCancellationRequested)
                {
                    return;
                }
#pragma warning disable CA1031 // A page that cannot be refreshed now is refreshed with the next news.
                catch (Exception problem)
#pragma warning restore CA1031
                {
                    Log.RefreshFailed(feed.Logger, problem);
                }

                try
                {
                    await Task.Delay(throttle, feed.Time, ended).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }

        public void Dispose()
        {
            feed._subscriptions.TryRemove(this, out _);
            _ended.Cancel();
        }

        private async Task WaitForNewsAsync(TimeSpan refresh, CancellationToken ended)
        {
            var until = feed.Time.GetUtcNow() + refresh;
            while (!_progressed && until - feed.Time.GetUtcNow() is var left && left > TimeSpan.Zero)
            {
                using var timer = new CancellationTokenSource(left < Pace ? left : Pace, feed.Time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(ended, timer.Token);
                try
                {
                    await _news.Reader.ReadAsync(either.Token).ConfigureAwait(false);
                    break;
                }
                catch (OperationCanceledException) when (!ended.IsCancellationRequested)
                {
                    // No news for a while: look whether anything has progressed, or look anyway.
                }
            }

            _progressed = false;
        }
    }

    private TimeProvider Time => time;

    private ILogger Logger => logger;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A page could not be refreshed. It keeps what it shows and tries again with the next news.")]
        public static partial void RefreshFailed(ILogger logger, Exception problem);
    }
}
