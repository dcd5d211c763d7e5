using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Tests.Support;

namespace CatchUp.Tracking.Tests.Queue;

public sealed class QueueStoreTests
{
    [Theory, OnBothDatabases]
    public async Task List_says_in_words_why_each_run_waits(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.QueueAsync(1, "plain");
        Assert.Equal(["Waiting: no worker is online."], await ReasonsAsync(world));

        await world.BeatAsync(null, null);
        await world.QueueAsync(1, "cifar", dataset: "cifar10");
        await world.QueueAsync(1, "halted", change: sweep => sweep.Paused = true);
        Assert.Equal(
            ["Waiting for a free slot.", "Waiting: needs a worker with data set cifar10; none has it.", "Waiting: its sweep is paused."],
            await ReasonsAsync(world));

        await world.QueueAsync(2, "narrow", priority: 1, maxParallel: 1);
        await world.ClaimAsync();
        Assert.Contains("Waiting: its sweep runs at most 1 at a time.", await ReasonsAsync(world));
    }

    [Theory, OnBothDatabases]
    public async Task List_is_in_the_order_in_which_slots_take_runs(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.QueueAsync(2, "first");
        await world.QueueAsync(2, "urgent", priority: 3);
        await world.QueueAsync(1, "second");
        await world.ClaimAsync(world.Request(0));
        await world.ClaimAsync(world.Request(1));
        await world.ClaimAsync(world.Request(2));

        var page = await world.Get<QueueStore>().ListAsync(0, 10, TestWorld.Cancellation);

        Assert.Equal(["second-0", "first-1"], page.Items.Select(entry => entry.Run.Name));
        Assert.Equal([1, 2], page.Items.Select(entry => entry.Position));
        Assert.Equal(page.Items[0].Run.Id, (await world.ClaimAsync(world.Request(3)))!.RunId);
    }

    [Theory, OnBothDatabases]
    public async Task List_of_ten_thousand_is_paged_to_its_end(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.QueueAsync(10_000);

        var page = await world.Get<QueueStore>().ListAsync(9_991, 50, TestWorld.Cancellation);
        Assert.Equal((10_000, 9, null), (page.Total, page.Items.Count, page.Next));
        Assert.Equal(9_992, page.Items[0].Position);
        var first = await world.Get<QueueStore>().ListAsync(-5, 100_000, TestWorld.Cancellation);
        Assert.Equal((1000, "1000"), (first.Items.Count, first.Next));
    }

    private static async Task<IEnumerable<string>> ReasonsAsync(TestWorld world)
        => (await world.Get<QueueStore>().ListAsync(0, 100, TestWorld.Cancellation)).Items.Select(entry => entry.Reason);
}
