using CatchUp.Dashboard.Parameters;

namespace CatchUp.Dashboard.Tests.Parameters;

public sealed class ForestAnswersTests
{
    private static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_question_is_computed_once()
    {
        using var answers = new ForestAnswers();
        var computed = 0;
        string Compute(CancellationToken stop) => $"answer {Interlocked.Increment(ref computed)}";

        var both = await Task.WhenAll(answers.AskAsync("a", Compute, Cancellation), answers.AskAsync("a", Compute, Cancellation));

        Assert.Equal(both[0], both[1]);
        Assert.Equal(both[0], await answers.AskAsync("a", Compute, Cancellation));
        Assert.NotEqual(both[0], await answers.AskAsync("b", Compute, Cancellation));
        Assert.Equal(2, computed);
    }

    [Fact]
    public async Task A_computation_ends_when_the_last_who_waited_has_gone()
    {
        using var answers = new ForestAnswers();
        var stopped = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        using var one = new CancellationTokenSource();
        using var other = new CancellationTokenSource();
        string Compute(CancellationToken stop)
        {
            begun.TrySetResult();
            stop.WaitHandle.WaitOne(TimeSpan.FromMinutes(1));
            stopped.TrySetResult();
            stop.ThrowIfCancellationRequested();
            return "never";
        }

        var first = answers.AskAsync("a", Compute, one.Token);
        var second = answers.AskAsync("a", Compute, other.Token);
        await begun.Task.WaitAsync(Cancellation);
        await one.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(stopped.Task.IsCompleted);
        await other.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await stopped.Task.WaitAsync(Cancellation);

        // Who asks again gets an answer, and not the cancellation.
        Assert.Equal("now", await answers.AskAsync("a", _ => "now", Cancellation));
    }

    [Fact]
    public async Task What_failed_is_tried_again()
    {
        using var answers = new ForestAnswers();

        await Assert.ThrowsAsync<InvalidOperationException>(() => answers.AskAsync<string>("a", _ => throw new InvalidOperationException(), Cancellation));

        Assert.Equal("well", await answers.AskAsync("a", _ => "well", Cancellation));
    }
}
