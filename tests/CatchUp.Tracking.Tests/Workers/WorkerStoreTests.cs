using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Tests.Support;
using CatchUp.Tracking.Workers;
using MassTransit.Testing;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Tests.Workers;

public sealed class WorkerStoreTests
{
    [Theory, OnBothDatabases]
    public async Task List_shows_what_runs_in_each_slot(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.BeatAsync(null, null);
        var free = Assert.Single(await world.Get<WorkerStore>().ListAsync(TestWorld.Cancellation));
        Assert.True(free.Online);
        Assert.Null(free.Slots.Single().Run);

        var (run, journal) = await world.RunningAsync();
        await journal.Started().ShipAsync();
        await world.BeatAsync(run, 1);

        var busy = Assert.Single(await world.Get<WorkerStore>().ListAsync(TestWorld.Cancellation));
        Assert.Equal((run, "training", "test-worker"), (busy.Slots[0].Run!.Id, busy.Slots[0].Phase, busy.Slots[0].Run!.Worker));
        Assert.Equal(["synthetic"], busy.Slots[0].Capabilities.Datasets);
        Assert.Equal("training", (await world.SummaryAsync(run)).Phase);
        Assert.True(await world.Bus.Published.Any<WorkersChanged>(TestWorld.Cancellation));
    }

    [Theory, OnBothDatabases]
    public async Task List_shows_the_last_life_of_a_worker_that_is_gone(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.BeatAsync(null, null, Guid.NewGuid());
        await world.BeatAsync(null, null);
        Assert.Equal(2, (await world.Get<WorkerStore>().ListAsync(TestWorld.Cancellation)).Count);

        world.LetLeasesEnd();
        await Task.Delay(5, TestWorld.Cancellation);
        await world.ExecuteAsync($"UPDATE workers SET last_seen = last_seen - 36000000000 WHERE incarnation <> '{(kind == DatabaseKind.Sqlite ? world.Incarnation.ToString().ToUpperInvariant() : world.Incarnation)}'");
        var gone = Assert.Single(await world.Get<WorkerStore>().ListAsync(TestWorld.Cancellation));
        Assert.Equal((world.Incarnation, false), (gone.Incarnation, gone.Online));
    }

    [Theory, OnBothDatabases]
    public async Task Heartbeat_answers_each_attempt_with_its_order(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, _) = await world.RunningAsync();
        Assert.Equal(OrderKind.Continue, (await world.BeatAsync(run, 1)).Orders.Single().Order);
        Assert.Equal(OrderKind.Abandon, (await world.BeatAsync(run, 2)).Orders.Single().Order);
        Assert.Equal(OrderKind.Abandon, (await world.BeatAsync(run + 1, 1)).Orders.Single().Order);
        Assert.Equal(OrderKind.Abandon, (await world.BeatAsync(run, 1, Guid.NewGuid())).Orders.Single().Order);

        await world.Runs.PauseAsync(run, TestWorld.Cancellation);
        Assert.Equal(OrderKind.Pause, (await world.BeatAsync(run, 1)).Orders.Single().Order);
        await world.Runs.CancelAsync(run, TestWorld.Cancellation);
        var answer = await world.BeatAsync(run, 1);
        Assert.Equal(new AttemptOrder { RunId = run, Attempt = 1, Incarnation = world.Incarnation, Order = OrderKind.Cancel }, answer.Orders.Single());
    }

    [Theory, OnBothDatabases]
    public async Task Heartbeats_from_all_sides_at_once_leave_one_row_a_slot(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.BeatAsync(null, null);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => world.BeatAsync(null, null))));
        Assert.Equal(1, await world.ReadAsync(context => context.Slots.CountAsync(TestWorld.Cancellation)));
    }
}
