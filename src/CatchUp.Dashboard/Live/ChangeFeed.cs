using System.Collections.Concurrent;
using System.Threading.Channels;

namespace CatchUp.Dashboard.Live;

/// <summary>
/// Hands the bus's news to the pages that are open in this process. News of a burst is coalesced, and since news can be lost,
/// every subscriber is also called now and then without any.
/// </summary>
public sealed partial class ChangeFeed(TimeProvider time, ILogger<ChangeFeed> logger)
{
    /// <summary>Shortest time from one call of a subscriber to the next, if it asks for no other.</summary>
    public static readonly TimeSpan Throttle = TimeSpan.FromMilliseconds(300);

    /// <summary>How often progress is told of.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    /// <summary>A subscriber that takes long is left alone for twice as long afterwards, so that busy pages leave time for others; but not for longer than this.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

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
    /// <param name="throttle">Shortest time from one call to the next; <see cref="Throttle"/> unless given.</param>
    /// <param name="progresses">News that can wait a moment: it is told of within <see cref="Pace"/>, however much of it comes. Asked like <paramref name="concerns"/>.</param>
    public IDisposable Subscribe(Func<Change, bool> concerns, Func<CancellationToken, Task> changed, TimeSpan refresh, TimeSpan? throttle = null, Func<Change, bool>? progresses = null)
    {
        var subscription = new Subscription(this, concerns, progresses ?? (_ => false));
        _subscriptions[subscription] = 0;
        _ = subscription.RunAsync(changed, refresh, throttle ?? Throttle);
        return subscription;
    }

    private sealed class Subscription : IDisposable
    {
        private readonly ChangeFeed _feed;
        private readonly Func<Change, bool> _concerns, _progresses;
        private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        private readonly CancellationTokenSource _ended = new();
        private readonly ITimer _soon, _anyway;
        private int _progressed;

        public Subscription(ChangeFeed feed, Func<Change, bool> concerns, Func<Change, bool> progresses)
        {
            (_feed, _concerns, _progresses) = (feed, concerns, progresses);
            (_soon, _anyway) = (CreateTimer(), CreateTimer());
        }

        public void Offer(Change change)
        {
            if (_concerns(change))
            {
                Tell();
            }
            else if (_progresses(change) && Interlocked.Exchange(ref _progressed, 1) == 0)
            {
                _soon.Change(Pace, Timeout.InfiniteTimeSpan);
            }
        }

        public async Task RunAsync(Func<CancellationToken, Task> changed, TimeSpan refresh, TimeSpan throttle)
        {
            var ended = _ended.Token;
            try
            {
                while (true)
                {
                    _anyway.Change(refresh, Timeout.InfiniteTimeSpan);
                    await _news.Reader.ReadAsync(ended).ConfigureAwait(false);
                    var began = _feed.Time.GetTimestamp();
                    await CallAsync(changed, ended).ConfigureAwait(false);
                    var took = _feed.Time.GetElapsedTime(began);
                    var pause = 2 * took < LongestPause ? 2 * took : LongestPause;
                    await Task.Delay(pause > throttle - took ? pause : throttle - took, _feed.Time, ended).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
            }
        }

        public void Dispose()
        {
            _feed._subscriptions.TryRemove(this, out _);
            _ended.Cancel();
            _soon.Dispose();
            _anyway.Dispose();
        }

        private async Task CallAsync(Func<CancellationToken, Task> changed, CancellationToken ended)
        {
            // What has progressed by now is told of now.
            _soon.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Interlocked.Exchange(ref _progressed, 0);
            try
            {
                await changed(ended).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // A page that cannot be refreshed now is refreshed with the next news.
            catch (Exception problem) when (!ended.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Log.RefreshFailed(_feed.Logger, problem);
            }
        }

        private ITimer CreateTimer() => _feed.Time.CreateTimer(static subscription => ((Subscription)subscription!).Tell(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        private void Tell() => _news.Writer.TryWrite(true);
    }

    private TimeProvider Time => time;

    private ILogger Logger => logger;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A page could not be refreshed. It keeps what it shows and tries again with the next news.")]
        public static partial void RefreshFailed(ILogger logger, Exception problem);
    }
}
