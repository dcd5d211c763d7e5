using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Tests.Support;

namespace CatchUp.Tracking.Tests.Queue;

public sealed class FairnessTests
{
    [Theory, OnBothDatabases]
    public async Task Claim_gives_a_sweep_of_three_its_share_beside_one_of_five_hundred(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var large = await world.QueueAsync(500, "large");
        var small = await world.QueueAsync(3, "small");

        var first = await ClaimAsync(world, 6);

        Assert.Equal([large[0], small[0], large[1], small[1], large[2], small[2]], first);
    }

    [Theory, OnBothDatabases]
    public async Task Claim_is_fair_between_owners_before_it_is_between_sweeps(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var one = await world.QueueAsync(2, "ann-one", change: sweep => sweep.Owner = "ann");
        var two = await world.QueueAsync(2, "ann-two", change: sweep => sweep.Owner = "ann");
        var other = await world.QueueAsync(3, "bob", change: sweep => sweep.Owner = "bob");

        // By sweeps alone ann would get two of the first three.
        Assert.Equal([one[0], other[0], two[0], other[1], one[1], other[2], two[1]], await ClaimAsync(world, 7));
    }

    [Theory, OnBothDatabases]
    public async Task Claim_keeps_to_labels_memory_device_and_extractor(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var demanding = new SweepRequirements { Labels = ["a100"], MemoryBytes = 20L << 30, Device = "cuda" };
        var runs = await world.QueueAsync(1, "demanding", change: sweep => sweep.Requires = demanding.Json);
        await world.ExecuteAsync("UPDATE runs SET extractor = 'inception-tf'");
        var good = new WorkerCapabilities { Device = "cuda:1", MemoryBytes = 40L << 30, Datasets = ["synthetic"], Labels = ["big", "A100"], Extractors = ["inception-tf"] };

        foreach (var lacking in new[] { good with { Labels = ["big"] }, good with { MemoryBytes = 8L << 30 }, good with { Device = "cpu" }, good with { Extractors = ["fashion-mnist-cnn-2"] }, good with { Datasets = ["cifar10"] } })
        {
            Assert.Null(await world.ClaimAsync(world.Request() with { Capabilities = lacking }));
        }

        Assert.Equal(runs[0], (await world.ClaimAsync(world.Request() with { Capabilities = good }))!.RunId);
    }

    [Theory, OnBothDatabases]
    public async Task Waiting_run_says_which_demand_nobody_meets(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.BeatAsync(null, null);
        await world.QueueAsync(1, "label", change: sweep => sweep.Requires = new SweepRequirements { Labels = ["a100"] }.Json);
        await world.QueueAsync(1, "memory", change: sweep => sweep.Requires = new SweepRequirements { MemoryBytes = 20L << 30 }.Json);
        await world.QueueAsync(1, "device", change: sweep => sweep.Requires = new SweepRequirements { Device = "cuda" }.Json);

        var page = await world.Get<QueueStore>().ListAsync(0, 10, TestWorld.Cancellation);

        Assert.Equal(
            [
                "Waiting: needs a worker with label a100; none has it.",
                "Waiting: needs a worker with 20 GiB of memory; the largest has 0 MiB.",
                "Waiting: needs a worker with a cuda device; none has one.",
            ],
            page.Items.Select(entry => entry.Reason));
    }

    private static async Task<List<long>> ClaimAsync(TestWorld world, int count)
    {
        var claimed = new List<long>();
        for (var slot = 0; slot < count; slot++)
        {
            claimed.Add((await world.ClaimAsync(world.Request(slot)))!.RunId);
        }

        return claimed;
    }
}
