using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Tests.Support;

namespace CatchUp.Tracking.Tests.Queue;

public sealed class QueueMoveTests
{
    [Theory, OnBothDatabases]
    public async Task Run_moves_before_and_after_others_of_its_sweep(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(5);

        await AcceptAsync(world, new QueueMove { Run = runs[4], Before = runs[1] });
        Assert.Equal([runs[0], runs[4], runs[1], runs[2], runs[3]], await OrderAsync(world));
        await AcceptAsync(world, new QueueMove { Run = runs[0], After = runs[2] });
        Assert.Equal([runs[4], runs[1], runs[2], runs[0], runs[3]], await OrderAsync(world));

        // As often as one likes into the same gap.
        for (var i = 0; i < 60; i++)
        {
            await AcceptAsync(world, new QueueMove { Run = runs[i % 2 == 0 ? 3 : 0], After = runs[1] });
        }

        Assert.Equal([runs[4], runs[1], runs[0], runs[3], runs[2]], await OrderAsync(world));
        Assert.Equal(runs[4], (await world.ClaimAsync())!.RunId);
        Assert.Equal(runs[1], (await world.ClaimAsync(world.Request(1)))!.RunId);
    }

    [Theory, OnBothDatabases]
    public async Task Run_at_the_top_is_next_whoever_has_how_many_running(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var busy = await world.QueueAsync(3, "busy");
        await world.QueueAsync(2, "urgent", priority: 4);
        await world.ClaimAsync(world.Request(0));
        await world.ClaimAsync(world.Request(1));
        await world.ClaimAsync(world.Request(2));
        await world.QueueAsync(2, "idle", priority: 4);

        Assert.Contains("priority 5", await AcceptAsync(world, new QueueMove { Run = busy[2], ToTop = true }), StringComparison.Ordinal);

        Assert.Equal(busy[2], (await world.ClaimAsync(world.Request(3)))!.RunId);
    }

    [Theory, OnBothDatabases]
    public async Task Sweep_moves_with_all_its_waiting_runs_and_takes_the_others_priority(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var first = await world.QueueAsync(2, "first", priority: 2);
        var second = await world.QueueAsync(2, "second");
        var sweepOfFirst = (await world.SummaryAsync(first[0])).SweepId!.Value;
        var sweepOfSecond = (await world.SummaryAsync(second[0])).SweepId!.Value;
        Assert.Equal([first[0], first[1], second[0], second[1]], await OrderAsync(world));

        await AcceptAsync(world, new QueueMove { Sweep = sweepOfSecond, Before = sweepOfFirst });

        // Equal priority now: in turns, the moved sweep first.
        Assert.Equal([second[0], first[0], second[1], first[1]], await OrderAsync(world));
    }

    [Theory, OnBothDatabases]
    public async Task Move_that_makes_no_sense_is_refused_in_words(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(2);
        await world.ClaimAsync();

        await RefuseAsync(world, new QueueMove { Run = runs[0], ToTop = true }, CommandResult.Refused, "is running");
        await RefuseAsync(world, new QueueMove { Run = runs[1], Before = runs[1] }, CommandResult.Refused, "beside itself");
        await RefuseAsync(world, new QueueMove { Run = runs[1], Before = 999 }, CommandResult.NotFound, "no run 999");
        await RefuseAsync(world, new QueueMove { Sweep = 999, ToTop = true }, CommandResult.NotFound, "no sweep 999");
        await RefuseAsync(world, new QueueMove { Run = runs[1] }, CommandResult.Refused, "one place");
        await RefuseAsync(world, new QueueMove { Run = runs[1], Before = 1, ToTop = true }, CommandResult.Refused, "one place");
    }

    private static async Task<string> AcceptAsync(TestWorld world, QueueMove move)
    {
        var outcome = await world.Get<QueueStore>().MoveAsync(move, TestWorld.Cancellation);
        Assert.True(outcome.Result == CommandResult.Accepted, outcome.Message);
        return outcome.Message;
    }

    private static async Task RefuseAsync(TestWorld world, QueueMove move, CommandResult result, string words)
    {
        var outcome = await world.Get<QueueStore>().MoveAsync(move, TestWorld.Cancellation);
        Assert.Equal(result, outcome.Result);
        Assert.Contains(words, outcome.Message, StringComparison.Ordinal);
    }

    private static async Task<List<long>> OrderAsync(TestWorld world) => [.. (await world.Get<QueueStore>().ListAsync(0, 100, TestWorld.Cancellation)).Items.Select(entry => entry.Run.Id)];
}
