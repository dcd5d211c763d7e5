using CatchUp.Contracts.Runs;
using CatchUp.Dashboard.Live;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CatchUp.Dashboard.Tests.Live;

public sealed class ChangeFeedTests : IDisposable
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMinutes(1);
    private readonly FakeTimeProvider _time = new();
    private readonly SemaphoreSlim _called = new(0);
    private int _calls;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _called.Dispose();

    [Fact]
    public async Task Burst_of_news_is_one_call_now_and_one_after_the_throttle()
    {
        var feed = new ChangeFeed(_time, NullLogger<ChangeFeed>.Instance);
        using var subscription = feed.Subscribe(_ => true, Count, Refresh);

        feed.Publish(News(1));
        await _called.WaitAsync(Cancellation);
        for (var i = 0; i < 1000; i++)
        {
            feed.Publish(News(1));
        }

        await AdvanceUntilCalledAsync(ChangeFeed.Throttle);
        Assert.Equal(2, _calls);
    }

    [Fact]
    public async Task Progress_is_told_of_a_moment_later_however_much_of_it_comes()
    {
        var feed = new ChangeFeed(_time, NullLogger<ChangeFeed>.Instance);
        using var subscription = feed.Subscribe(_ => false, Count, TimeSpan.FromDays(1), progresses: change => change.Run?.RunId == 7);
        for (var i = 0; i < 1000; i++)
        {
            feed.Publish(News(7));
            feed.Publish(News(8));
        }

        await AdvanceUntilCalledAsync(ChangeFeed.Pace);
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(ChangeFeed.Pace);
            await Task.Delay(10, Cancellation);
        }

        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task Progress_that_never_ends_is_told_of_once_a_pace()
    {
        var feed = new ChangeFeed(_time, NullLogger<ChangeFeed>.Instance);
        var told = new List<DateTimeOffset>();
        using var subscription = feed.Subscribe(
            _ => false,
            cancellation =>
            {
                told.Add(_time.GetUtcNow());
                return Count(cancellation);
            },
            TimeSpan.FromDays(1),
            progresses: _ => true);

        for (var calls = 0; calls < 4;)
        {
            feed.Publish(News(7));
            _time.Advance(TimeSpan.FromMilliseconds(20));
            calls += await _called.WaitAsync(TimeSpan.FromMilliseconds(5), Cancellation) ? 1 : 0;
        }

        Assert.All(told.Zip(told.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, ChangeFeed.Pace, TimeSpan.MaxValue));
    }

    [Fact]
    public async Task Subscriber_that_takes_long_is_left_alone_for_twice_as_long()
    {
        var feed = new ChangeFeed(_time, NullLogger<ChangeFeed>.Instance);
        var taken = ChangeFeed.LongestPause / 2.5;
        using var subscription = feed.Subscribe(
            _ => true,
            cancellation =>
            {
                _time.Advance(taken);
                return Count(cancellation);
            },
            Refresh);
        feed.Publish(News(1));
        await _called.WaitAsync(Cancellation);
        feed.Publish(News(1));
        await Task.Delay(50, Cancellation);

        _time.Advance((2 * taken) - TimeSpan.FromMilliseconds(1));
        Assert.False(await _called.WaitAsync(TimeSpan.FromMilliseconds(100), Cancellation));
        await AdvanceUntilCalledAsync(TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task News_of_others_wakes_nobody()
    {
        var feed = new ChangeFeed(_time, NullLogger<ChangeFeed>.Instance);
        using var subscription = feed.Subscribe(change => change.Run?.RunId == 7, Count, Refresh);

        feed.Publish(News(8));
        feed.Publish(News(7));
        await _called.WaitAsync(Cancellation);

        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task Subscriber_is_called_without_news_because_news_can_be_lost()
    {
        var feed = new ChangeFeed(_time, NullLogger<ChangeFeed>.Instance);
        using var subscription = feed.Subscribe(_ => true, Count, Refresh);

        await AdvanceUntilCalledAsync(Refresh);

        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task Failure_of_a_subscriber_does_not_end_its_subscription()
    {
        var feed = new ChangeFeed(_time, NullLogger<ChangeFeed>.Instance);
        var failed = new TaskCompletionSource();
        using var subscription = feed.Subscribe(
            _ => true,
            cancellation =>
            {
                if (failed.TrySetResult())
                {
                    throw new InvalidOperationException("The database is away.");
                }

                return Count(cancellation);
            },
            Refresh);

        feed.Publish(News(1));
        await failed.Task.WaitAsync(Cancellation);
        feed.Publish(News(1));

        await AdvanceUntilCalledAsync(ChangeFeed.Throttle);
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task Disposed_subscription_is_not_called_again()
    {
        var feed = new ChangeFeed(_time, NullLogger<ChangeFeed>.Instance);
        var other = feed.Subscribe(_ => true, _ => throw new InvalidOperationException("It has left."), Refresh);
        using var subscription = feed.Subscribe(_ => true, Count, Refresh);
        other.Dispose();

        feed.Publish(News(1));
        await _called.WaitAsync(Cancellation);

        Assert.Equal(1, _calls);
    }

    private static Change News(long run) => new(Run: new RunChanged { RunId = run, DataArrived = true });

    private Task Count(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _calls);
        _called.Release();
        return Task.CompletedTask;
    }

    // The subscription sets its timer on a thread of its own: the clock is moved until it has.
    private async Task AdvanceUntilCalledAsync(TimeSpan step)
    {
        while (!await _called.WaitAsync(TimeSpan.FromMilliseconds(20), Cancellation))
        {
            _time.Advance(step);
        }
    }
}
