using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Tests.Support;
using CatchUp.Tracking.Workers;
using MassTransit;

namespace CatchUp.Tracking.Tests.Workers;

/// <summary>What the server lets a worker do: drained, sent away, or never let in.</summary>
public sealed class WorkerStandingTests
{
    private static CancellationToken Cancellation => TestWorld.Cancellation;

    [Theory, OnBothDatabases]
    public async Task A_drained_worker_gets_no_run_until_it_is_undrained(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.QueueAsync();
        await BeatAsync(world);

        Assert.Equal(CommandResult.Accepted, (await Store(world).DrainAsync(world.Incarnation, giveBack: false, Cancellation)).Result);
        Assert.Equal(WorkerStanding.Draining, (await BeatAsync(world)).Standing);
        Assert.Equal("The worker is draining.", await RefusalAsync(world, world.Request()));
        Assert.Equal(WorkerState.Draining, (await ListedAsync(world)).State);

        await Store(world).UndrainAsync(world.Incarnation, Cancellation);
        Assert.Equal(WorkerStanding.Accepted, (await BeatAsync(world)).Standing);
        Assert.Null(await RefusalAsync(world, world.Request()));
        Assert.True(await world.Bus.Published.Any<RunsQueued>(Cancellation));
        Assert.Equal(WorkerState.Ready, (await ListedAsync(world)).State);
    }

    [Theory, OnBothDatabases]
    public async Task A_drained_worker_is_told_again_what_it_had_been_given_and_gets_nothing_else(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(2);
        await BeatAsync(world);
        var request = world.Request();
        Assert.Equal(runs[0], (await world.ClaimAsync(request))!.RunId);

        await Store(world).DrainAsync(world.Incarnation, giveBack: false, Cancellation);

        Assert.Equal(runs[0], (await world.ClaimAsync(request))!.RunId);
        Assert.Null(await world.ClaimAsync(world.Request(1)));
    }

    [Theory, OnBothDatabases]
    public async Task A_drained_worker_stays_drained_when_it_starts_again_and_another_does_not(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await BeatAsync(world);
        await Store(world).DrainAsync(world.Incarnation, giveBack: false, Cancellation);

        var (again, other) = (Guid.NewGuid(), Guid.NewGuid());
        Assert.Equal("The worker is draining.", await RefusalAsync(world, world.Request() with { Incarnation = again }));
        Assert.Equal(WorkerStanding.Draining, (await BeatAsync(world, again)).Standing);
        Assert.Equal(WorkerStanding.Accepted, (await BeatAsync(world, other, name: "another")).Standing);
        Assert.Null(await RefusalAsync(world, world.Request() with { Incarnation = other, Worker = "another" }));
    }

    [Theory, OnBothDatabases]
    public async Task Draining_leaves_a_run_alone_and_giving_back_pauses_it_into_the_queue(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await BeatAsync(world);
        var (run, journal) = await world.RunningAsync();
        await journal.Started().ShipAsync();

        var ending = await Store(world).DrainAsync(world.Incarnation, giveBack: false, Cancellation);
        Assert.Contains("ends the run it has", ending.Message, StringComparison.Ordinal);
        Assert.Equal(OrderKind.Continue, (await world.BeatAsync(run, 1)).Orders.Single().Order);

        var givingBack = await Store(world).DrainAsync(world.Incarnation, giveBack: true, Cancellation);
        Assert.Contains("stops at a checkpoint and goes back into the queue", givingBack.Message, StringComparison.Ordinal);
        Assert.Equal(OrderKind.Pause, (await world.BeatAsync(run, 1)).Orders.Single().Order);
        Assert.True(await world.Bus.Published.Any<AttemptOrder>(published => published.Context.Message.Order == OrderKind.Pause, Cancellation));

        await journal.Losses(1, 3).Ended(AttemptOutcome.Paused, 3).ShipAsync();
        var summary = await world.SummaryAsync(run);
        Assert.Equal((RunState.Queued, OrderKind.Continue), (summary.State, summary.Order));
        Assert.Contains((await world.Runs.EventsAsync(run, Cancellation)), entry => entry.Cause == "Given back by its worker, which is drained.");
    }

    [Theory, OnBothDatabases]
    public async Task A_run_that_a_draining_worker_just_got_is_given_back_too(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await BeatAsync(world);
        var (run, _) = await world.RunningAsync();

        // As when both happen at the same moment, and neither saw the other.
        await world.ExecuteAsync("UPDATE workers SET standing = 'Draining', gives_back = TRUE");
        await world.BeatAsync(run, 1);

        Assert.Equal(OrderKind.Pause, (await world.BeatAsync(run, 1)).Orders.Single().Order);
    }

    [Theory, OnBothDatabases]
    public async Task A_run_that_is_being_cancelled_is_not_given_back(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await BeatAsync(world);
        var (run, journal) = await world.RunningAsync();
        await journal.Started().ShipAsync();
        await world.Runs.CancelAsync(run, Cancellation);

        await Store(world).DrainAsync(world.Incarnation, giveBack: true, Cancellation);
        await journal.Ended(AttemptOutcome.Paused, 0).ShipAsync();

        Assert.Equal(RunState.Cancelled, (await world.SummaryAsync(run)).State);
    }

    [Theory, OnBothDatabases]
    public async Task A_removed_worker_is_told_to_end_and_its_run_goes_on_elsewhere(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (token, secret) = await TokenAsync(world);
        await BeatAsync(world, token: token.Fingerprint);
        var (run, journal) = await world.RunningAsync();
        await journal.Started().ShipAsync();

        var removed = await Store(world).RemoveAsync(world.Incarnation, Cancellation);
        Assert.Equal((CommandResult.Accepted, "test-worker is removed and its token revoked. The run it had goes on elsewhere from the last checkpoint."), (removed.Result, removed.Message));

        var answer = await world.BeatAsync(run, 1);
        Assert.Equal((WorkerStanding.Removed, 0), (answer.Standing, answer.Orders.Count));
        Assert.Equal("The worker was removed.", await RefusalAsync(world, world.Request()));
        Assert.Null(await world.Get<WorkerTokenStore>().FindAsync(secret, Cancellation));
        Assert.Equal(1, await world.Get<LeaseReaper>().ReapAsync(Cancellation));
        Assert.Equal(RunState.Queued, (await world.SummaryAsync(run)).State);
        Assert.Empty(await Store(world).ListAsync(Cancellation));
        Assert.Equal(CommandResult.NotFound, (await Store(world).DrainAsync(world.Incarnation, giveBack: false, Cancellation)).Result);
    }

    [Theory, OnBothDatabases]
    public async Task A_removed_machine_may_come_back_with_another_token(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await BeatAsync(world, token: (await TokenAsync(world)).Token.Fingerprint);
        await Store(world).RemoveAsync(world.Incarnation, Cancellation);

        var again = Guid.NewGuid();
        Assert.Equal(WorkerStanding.Accepted, (await BeatAsync(world, again, token: (await TokenAsync(world)).Token.Fingerprint)).Standing);
        Assert.Null(await RefusalAsync(world, world.Request() with { Incarnation = again }));
    }

    [Theory, OnBothDatabases]
    public async Task The_servers_own_worker_is_not_removed_while_it_lives(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await BeatAsync(world);

        var refused = await Store(world).RemoveAsync(world.Incarnation, Cancellation);

        Assert.Equal(CommandResult.Refused, refused.Result);
        Assert.Contains("is the server's own worker", refused.Message, StringComparison.Ordinal);
        Assert.Equal(WorkerStanding.Accepted, (await BeatAsync(world)).Standing);
    }

    [Theory, OnBothDatabases]
    public async Task Removing_one_worker_revokes_no_other_token(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (mine, _) = await TokenAsync(world);
        var (_, other) = await TokenAsync(world);

        // Whoever sends no real fingerprint must not thereby name all tokens.
        var nameless = Guid.NewGuid();
        await BeatAsync(world, nameless, name: "nameless", token: "");
        await BeatAsync(world, token: mine.Fingerprint);
        await Store(world).RemoveAsync(nameless, Cancellation);
        await Store(world).RemoveAsync(world.Incarnation, Cancellation);

        Assert.NotNull(await world.Get<WorkerTokenStore>().FindAsync(other, Cancellation));
    }

    [Theory, OnBothDatabases]
    public async Task A_worker_of_another_contract_is_refused_in_words_and_shown(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.QueueAsync();

        var answer = await BeatAsync(world, contract: 0);

        Assert.Equal(WorkerStanding.Refused, answer.Standing);
        Assert.Contains("The worker speaks version 0 of the worker contract and the server version 1.", answer.Reason, StringComparison.Ordinal);
        Assert.Equal(answer.Reason, await RefusalAsync(world, world.Request() with { Contract = 0 }));
        var listed = await ListedAsync(world);
        Assert.Equal((WorkerState.Refused, answer.Reason), (listed.State, listed.Refusal));
        Assert.Equal(CommandResult.Refused, (await Store(world).UndrainAsync(world.Incarnation, Cancellation)).Result);
        Assert.Equal(CommandResult.Accepted, (await Store(world).RemoveAsync(world.Incarnation, Cancellation)).Result);
    }

    [Theory, OnBothDatabases]
    public async Task A_claim_over_the_bus_is_answered_with_the_refusal(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var run = (await world.QueueAsync())[0];
        await BeatAsync(world);
        await Store(world).DrainAsync(world.Incarnation, giveBack: false, Cancellation);

        var answer = await world.Bus.GetRequestClient<RequestRun>().GetResponse<RunAssigned, NothingToDo>(world.Request(), Cancellation);

        Assert.True(answer.Is(out Response<NothingToDo>? nothing));
        Assert.Equal("The worker is draining.", nothing!.Message.Reason);
        Assert.Equal(RunState.Queued, (await world.SummaryAsync(run)).State);
    }

    [Theory, OnBothDatabases]
    public async Task A_worker_is_busy_when_all_its_slots_are_and_lost_when_it_is_silent(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await BeatAsync(world);
        await world.RunningAsync();
        Assert.Equal(WorkerState.Busy, (await ListedAsync(world)).State);

        world.LetLeasesEnd();
        Assert.Equal(WorkerState.Lost, (await ListedAsync(world)).State);
    }

    private static WorkerStore Store(TestWorld world) => world.Get<WorkerStore>();

    /// <summary>Why it gets nothing, other than that there is nothing: it asks for what nobody has queued.</summary>
    private static async Task<string?> RefusalAsync(TestWorld world, RequestRun request)
    {
        var claim = await world.Get<RunQueue>().ClaimAsync(request with { Capabilities = new WorkerCapabilities { Datasets = ["nothing"] } }, Cancellation);
        return claim.Reason == "No queued run fits this slot." ? null : claim.Reason;
    }

    private static async Task<WorkerSummary> ListedAsync(TestWorld world) => Assert.Single(await Store(world).ListAsync(Cancellation));

    private static async Task<(WorkerToken Token, string Secret)> TokenAsync(TestWorld world)
    {
        var (_, token, secret) = await world.Get<WorkerTokenStore>().CreateAsync("a token", Cancellation);
        return (token!, secret!);
    }

    private static Task<HeartbeatAnswer> BeatAsync(TestWorld world, Guid? incarnation = null, string name = "test-worker", string? token = null, int contract = WorkerContract.Version) => world.Get<Heartbeats>().ReceiveAsync(
        new Heartbeat
        {
            Worker = name, Incarnation = incarnation ?? world.Incarnation, Version = "1", Contract = contract, Token = token, Slots = [new SlotStatus { Capabilities = new WorkerCapabilities { Datasets = ["synthetic"] } }],
        },
        Cancellation);
}
