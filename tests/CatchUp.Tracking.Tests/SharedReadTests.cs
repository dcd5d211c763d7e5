namespace CatchUp.Tracking.Tests;

public sealed class SharedReadTests
{
    [Fact]
    public async Task Who_asks_while_it_is_read_shares_the_next_reading()
    {
        var (begun, doors) = (0, new[] { new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource() });
        var shared = new SharedRead<int>(async () =>
        {
            var number = Interlocked.Increment(ref begun);
            await doors[number - 1].Task;
            return number;
        });

        var first = shared.ReadAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => begun == 1);
        var others = Enumerable.Range(0, 20).Select(_ => shared.ReadAsync(TestContext.Current.CancellationToken)).ToList();
        Assert.Equal(1, begun);
        doors[0].SetResult();
        Assert.Equal(1, await first);
        await UntilAsync(() => begun == 2);
        var late = shared.ReadAsync(TestContext.Current.CancellationToken);
        doors[1].SetResult();
        Assert.All(await Task.WhenAll(others), number => Assert.Equal(2, number));
        doors[2].SetResult();
        Assert.Equal(3, await late);
        Assert.Equal(3, begun);
    }

    [Fact]
    public async Task A_failure_is_theirs_who_waited_for_it_and_one_who_leaves_leaves_alone()
    {
        var (begun, door) = (0, new TaskCompletionSource());
        var shared = new SharedRead<int>(async () =>
        {
            if (Interlocked.Increment(ref begun) == 1)
            {
                await door.Task;
                throw new InvalidOperationException("The disk is gone.");
            }

            return begun;
        });

        var first = shared.ReadAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => begun == 1);
        using var leaving = new CancellationTokenSource();
        var left = shared.ReadAsync(leaving.Token);
        var stayed = shared.ReadAsync(TestContext.Current.CancellationToken);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        door.SetResult();
        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        Assert.Equal(2, await stayed);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
