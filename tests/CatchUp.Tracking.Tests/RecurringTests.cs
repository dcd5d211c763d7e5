using System.Threading.Channels;
using CatchUp.Tracking.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace CatchUp.Tracking.Tests;

public sealed class RecurringTests
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly Channel<int> _looks = Channel.CreateUnbounded<int>();
    private readonly List<string> _failures = [];
    private int _looked;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_fails_is_told_and_tried_again_until_the_server_stops(bool waitFirst)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestWorld.Cancellation);
        var running = Recurring.RunAsync(Every, _time, Look, problem => _failures.Add(problem.Message), stop.Token, waitFirst);
        Assert.Equal(waitFirst ? 0 : 1, _looked);

        for (var look = 1; look <= 3; look++)
        {
            if (waitFirst || look > 1)
            {
                _time.Advance(Every);
            }

            Assert.Equal(look, await _looks.Reader.ReadAsync(TestWorld.Cancellation));
        }

        await stop.CancelAsync();
        await running;
        Assert.Equal(["look 1", "look 2", "look 3"], _failures);
    }

    [Fact]
    public async Task A_wait_that_was_given_up_is_a_failure_and_a_server_that_stops_is_none()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestWorld.Cancellation);
        var running = Recurring.RunAsync(Every, _time, GiveUp, problem => _failures.Add(problem.Message), stop.Token);

        await stop.CancelAsync();
        await running;

        Assert.Equal(["given up"], _failures);

        static Task GiveUp(CancellationToken stopping) => Task.FromException(new OperationCanceledException("given up"));
    }

    [Fact]
    public async Task What_is_being_done_when_the_server_stops_ends_without_a_word()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestWorld.Cancellation);
        var running = Recurring.RunAsync(Every, _time, stopping => Task.Delay(Timeout.InfiniteTimeSpan, stopping), problem => _failures.Add(problem.Message), stop.Token);

        await stop.CancelAsync();
        await running;

        Assert.Empty(_failures);
    }

    private Task Look(CancellationToken stopping)
    {
        _looks.Writer.TryWrite(++_looked);
        throw new InvalidOperationException($"look {_looked}");
    }
}
