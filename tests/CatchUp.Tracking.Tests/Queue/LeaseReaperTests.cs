using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Tests.Support;
using MassTransit.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace CatchUp.Tracking.Tests.Queue;

public sealed class LeaseReaperTests
{
    [Theory, OnBothDatabases]
    public async Task Reap_lease_in_time_ends_nothing(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, _) = await world.RunningAsync();

        Assert.Equal(0, await world.Get<LeaseReaper>().ReapAsync(TestWorld.Cancellation));
        Assert.Equal(RunState.Running, (await world.SummaryAsync(run)).State);
    }

    [Theory, OnBothDatabases]
    public async Task Reap_lease_from_before_the_databases_clock_was_set_back_is_as_long_as_any(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, _) = await world.RunningAsync();
        await world.ExecuteAsync($"UPDATE attempts SET lease_expires_at = lease_expires_at + {TimeSpan.TicksPerHour}");

        Assert.Equal(0, await world.Get<LeaseReaper>().ReapAsync(TestWorld.Cancellation));

        var left = await world.ReadAsync(context => Sql.NumberAsync(context, $"SELECT lease_expires_at - {world.Get<DatabaseDialect>().Now} FROM attempts", TestWorld.Cancellation));
        Assert.InRange(TimeSpan.FromTicks(left!.Value).TotalSeconds, 1, 20);
        Assert.Equal(RunState.Running, (await world.SummaryAsync(run)).State);
    }

    [Theory, OnBothDatabases]
    public async Task Reap_expired_lease_puts_the_run_back_and_refuses_the_old_attempt(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        world.LetLeasesEnd();
        var (run, journal) = await world.RunningAsync();
        await journal.Started().Losses(1, 3).ShipAsync();

        Assert.Equal(1, await world.Get<LeaseReaper>().ReapAsync(TestWorld.Cancellation));
        Assert.Equal(0, await world.Get<LeaseReaper>().ReapAsync(TestWorld.Cancellation));

        Assert.Equal(RunState.Queued, (await world.SummaryAsync(run)).State);
        Assert.True(await world.Bus.Published.Any<RunsQueued>(TestWorld.Cancellation));
        var late = await journal.Losses(4, 6).ShipAsync();
        Assert.NotNull(late.Superseded);
        var again = await world.ClaimAsync(world.Request(1));
        Assert.Equal((run, 2), (again!.RunId, again.Attempt));
        Assert.NotNull((await world.ShipAsync(run, 1, journal.Entries)).Superseded);
        Assert.Equal(OrderKind.Abandon, (await world.BeatAsync(run, 1)).Orders.Single().Order);
    }

    [Theory, OnBothDatabases]
    public async Task Heartbeat_extends_an_expired_lease_that_nobody_reaped(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        world.LetLeasesEnd();
        var (run, _) = await world.RunningAsync();
        world.Options.Lease = TimeSpan.FromSeconds(20);

        Assert.Equal(OrderKind.Continue, (await world.BeatAsync(run, 1)).Orders.Single().Order);

        Assert.Equal(0, await world.Get<LeaseReaper>().ReapAsync(TestWorld.Cancellation));
    }

    [Theory, OnBothDatabases]
    public async Task Reap_started_attempts_lost_too_often_fails_the_run_with_advice(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        world.LetLeasesEnd();
        var run = (await world.QueueAsync())[0];
        for (var loss = 1; loss <= 6; loss++)
        {
            Assert.Equal(RunState.Queued, (await world.SummaryAsync(run)).State);
            var assigned = await world.ClaimAsync();
            await new Support.Journal(world, run, assigned!.Attempt).Started().ShipAsync();
            Assert.Equal(1, await world.Get<LeaseReaper>().ReapAsync(TestWorld.Cancellation));
        }

        var summary = await world.SummaryAsync(run);
        Assert.Equal(RunState.Failed, summary.State);
        Assert.Contains("loss 6", summary.Cause, StringComparison.Ordinal);
        Assert.NotNull(summary.Advice);

        // The user's word counts for more than the count.
        Assert.Equal(Tracking.Runs.CommandResult.Accepted, (await world.Runs.ResumeAsync(run, TestWorld.Cancellation)).Result);
        var again = await world.ClaimAsync();
        await new Support.Journal(world, run, again!.Attempt).Started().Ended(AttemptOutcome.Lost).ShipAsync();
        Assert.Equal(RunState.Queued, (await world.SummaryAsync(run)).State);
    }

    [Theory, OnBothDatabases]
    public async Task Reap_attempts_that_never_started_do_not_count(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        world.LetLeasesEnd();
        var run = (await world.QueueAsync())[0];
        for (var loss = 1; loss <= 8; loss++)
        {
            Assert.NotNull(await world.ClaimAsync());
            await world.Get<LeaseReaper>().ReapAsync(TestWorld.Cancellation);
        }

        Assert.Equal(RunState.Queued, (await world.SummaryAsync(run)).State);
    }

    [Theory, OnBothDatabases]
    public async Task Lost_attempts_with_a_new_checkpoint_each_never_fail_the_run(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var run = (await world.QueueAsync())[0];
        for (var loss = 1; loss <= 8; loss++)
        {
            var assigned = await world.ClaimAsync();
            await new Support.Journal(world, run, assigned!.Attempt).Started().Losses(loss, loss).Checkpoint(loss, new string('c', 64)).Ended(AttemptOutcome.Lost, loss, "The server was restarted.").ShipAsync();
        }

        Assert.Equal(RunState.Queued, (await world.SummaryAsync(run)).State);
    }

    [Theory, OnBothDatabases]
    public async Task Lost_trainer_that_died_before_it_could_start_counts(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var run = (await world.QueueAsync())[0];
        for (var loss = 1; loss <= 6; loss++)
        {
            var assigned = await world.ClaimAsync();
            await new Support.Journal(world, run, assigned!.Attempt).Ended(AttemptOutcome.Lost, cause: "The trainer was killed.", exitCode: 139).ShipAsync();
        }

        Assert.Equal(RunState.Failed, (await world.SummaryAsync(run)).State);
    }

    [Theory, OnBothDatabases]
    public async Task Reap_run_with_an_order_pending_obeys_the_order(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        world.LetLeasesEnd();
        var runs = await world.QueueAsync(2);
        await world.ClaimAsync(world.Request(0));
        await world.ClaimAsync(world.Request(1));
        await world.Runs.CancelAsync(runs[0], TestWorld.Cancellation);
        await world.Runs.PauseAsync(runs[1], TestWorld.Cancellation);

        Assert.Equal(2, await world.Get<LeaseReaper>().ReapAsync(TestWorld.Cancellation));

        Assert.Equal(RunState.Cancelled, (await world.SummaryAsync(runs[0])).State);
        Assert.Equal(RunState.Paused, (await world.SummaryAsync(runs[1])).State);
    }

    [Theory, OnBothDatabases]
    public async Task Reap_by_several_servers_at_once_ends_each_attempt_once(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        world.LetLeasesEnd();
        await world.QueueAsync(6);
        for (var slot = 0; slot < 6; slot++)
        {
            await world.ClaimAsync(world.Request(slot));
        }

        var reaped = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => world.Get<LeaseReaper>().ReapAsync(TestWorld.Cancellation))));

        Assert.Equal(6, reaped.Sum());
    }

    [Theory, OnBothDatabases]
    public async Task Service_reaps_on_its_own(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        world.LetLeasesEnd();
        var (run, _) = await world.RunningAsync();
        var service = world.Get<IEnumerable<IHostedService>>().OfType<LeaseReaperService>().Single();

        await service.StartAsync(TestWorld.Cancellation);
        while ((await world.SummaryAsync(run)).State != RunState.Queued)
        {
            await Task.Delay(20, TestWorld.Cancellation);
            world.Time.Advance(world.Options.ReapEvery);
        }

        await service.StopAsync(TestWorld.Cancellation);
    }

    [Fact]
    public void Watch_lets_reap_only_after_a_whole_lease_without_a_break()
    {
        var time = new FakeTimeProvider();
        var watch = new ConnectionWatch(new TrackingOptions(), time);

        bool Look(double seconds, bool connected = true)
        {
            time.Advance(TimeSpan.FromSeconds(seconds));
            return watch.MayReap(connected);
        }

        Assert.False(Look(0));
        Assert.All(Enumerable.Range(0, 9), _ => Assert.False(Look(2)));
        Assert.True(Look(2));
        Assert.False(Look(2, connected: false));
        Assert.All(Enumerable.Range(0, 10), _ => Assert.False(Look(2)));
        Assert.True(Look(2));

        // The machine slept: the workers may have slept with it.
        Assert.False(Look(3600));
        Assert.All(Enumerable.Range(0, 9), _ => Assert.False(Look(2)));
        Assert.True(Look(2));
    }
}
