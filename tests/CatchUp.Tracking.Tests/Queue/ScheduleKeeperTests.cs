using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;
using CatchUp.Tracking.Tests.Support;
using MassTransit.Testing;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Tests.Queue;

/// <summary>The world's clock begins on 1 March 2026 at 20:00 UTC, 21:00 in Berlin.</summary>
public sealed class ScheduleKeeperTests
{
    private const string Nights = "22:00-07:00 Europe/Berlin";

    [Theory, OnBothDatabases]
    public async Task Run_is_not_claimed_before_its_window_opens_and_says_so(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(1, change: sweep => sweep.Window = Nights);
        await world.BeatAsync(null, null);
        await LookAsync(world);

        Assert.Null(await world.ClaimAsync());
        Assert.Equal("Waits for its window, opens at 22:00 Europe/Berlin, in 1 h.", (await world.SummaryAsync(runs[0])).Cause);

        world.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(runs[0], (await world.ClaimAsync())!.RunId);
    }

    [Theory, OnBothDatabases]
    public async Task Run_pauses_when_its_window_closes_and_goes_on_from_its_checkpoint_at_the_next(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var run = (await world.QueueAsync(1, change: sweep => sweep.Window = Nights))[0];
        await LookAsync(world);
        world.Time.Advance(TimeSpan.FromHours(1));
        var first = await world.ClaimAsync();
        var journal = new Journal(world, run, first!.Attempt).Started().Losses(1, 3);
        await journal.ShipAsync();
        Assert.Equal(0, await LookAsync(world));

        // 07:00 in Berlin. The keeper may come late, or be another server's: all it knows is in the database.
        world.Time.Advance(TimeSpan.FromHours(9));
        Assert.Null(await world.ClaimAsync(world.Request(1)));
        Assert.Equal(1, await LookAsync(world));
        Assert.Equal(0, await LookAsync(world));
        Assert.True(await world.Bus.Published.Any<AttemptOrder>(order => order.Context.Message is { Order: OrderKind.Pause, Attempt: 1 } told && told.RunId == run, TestWorld.Cancellation));
        Assert.Equal(OrderKind.Pause, (await world.BeatAsync(run, 1)).Orders.Single().Order);

        var (file, bytes) = await world.StoreArtifactAsync([1, 2]);
        await journal.Checkpoint(3, file, bytes).Ended(AttemptOutcome.Paused, 3).ShipAsync();
        var history = await world.Runs.EventsAsync(run, TestWorld.Cancellation);
        Assert.Equal((RunState.Running, RunState.Queued, "Window closed at 07:00; resumes 22:00 Europe/Berlin."), (history[^1].From!.Value, history[^1].To, history[^1].Cause));
        Assert.Contains(history, entry => entry.Cause.EndsWith("It writes a checkpoint first.", StringComparison.Ordinal));
        Assert.Null(await world.ClaimAsync());

        world.Time.Advance(TimeSpan.FromHours(15));
        var second = await world.ClaimAsync();
        Assert.Equal((run, 2, 3), (second!.RunId, second.Attempt, second.Checkpoint!.Step));
    }

    [Theory, OnBothDatabases]
    public async Task Run_that_is_lost_while_its_window_closes_waits_for_the_next(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var run = (await world.QueueAsync(1, change: sweep => sweep.Window = "20:00-21:00 UTC"))[0];
        await LookAsync(world);
        Assert.NotNull(await world.ClaimAsync());
        world.Time.Advance(TimeSpan.FromHours(1));
        await LookAsync(world);

        await new Journal(world, run, 1).Started().Ended(AttemptOutcome.Lost, 0, "Killed.").ShipAsync();

        var summary = await world.SummaryAsync(run);
        Assert.Equal(RunState.Queued, summary.State);
    }

    [Theory, OnBothDatabases]
    public async Task Run_paused_by_hand_while_its_window_closes_stays_paused(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var run = (await world.QueueAsync(1, change: sweep => sweep.Window = "20:00-21:00 UTC"))[0];
        await LookAsync(world);
        Assert.NotNull(await world.ClaimAsync());
        world.Time.Advance(TimeSpan.FromHours(1));
        await LookAsync(world);
        Assert.Equal(CommandResult.Accepted, (await world.Runs.PauseAsync(run, TestWorld.Cancellation)).Result);

        await new Journal(world, run, 1).Started().Ended(AttemptOutcome.Paused).ShipAsync();

        Assert.Equal(RunState.Paused, (await world.SummaryAsync(run)).State);
    }

    [Theory, OnBothDatabases]
    public async Task Opening_wakes_workers(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.QueueAsync(3, change: sweep => sweep.Window = Nights);
        await LookAsync(world);
        Assert.False(world.Bus.Published.Select<RunsQueued>(TestWorld.Cancellation).Any());

        world.Time.Advance(TimeSpan.FromHours(1));
        await LookAsync(world);

        Assert.True(await world.Bus.Published.Any<RunsQueued>(news => news.Context.Message.Count == 3, TestWorld.Cancellation));
    }

    [Theory, OnBothDatabases]
    public async Task Deadline_cancels_what_waits_and_ends_what_runs_at_a_checkpoint(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(2, change: sweep => (sweep.Deadline, sweep.DeadlineAt) = ("2026-03-01T22:00 Europe/Berlin", world.Time.GetUtcNow().AddHours(1).UtcTicks));
        Assert.NotNull(await world.ClaimAsync());
        Assert.Equal(0, await LookAsync(world));

        world.Time.Advance(TimeSpan.FromHours(1));
        Assert.Null(await world.ClaimAsync(world.Request(1)));
        Assert.Equal(2, await LookAsync(world));
        Assert.Equal(0, await LookAsync(world));

        var waiting = (await world.Runs.EventsAsync(runs[1], TestWorld.Cancellation))[^1];
        Assert.Equal((RunState.Queued, RunState.Cancelled), (waiting.From!.Value, waiting.To));
        Assert.Contains("deadline, 2026-03-01T22:00 Europe/Berlin", waiting.Cause, StringComparison.Ordinal);
        Assert.Equal(OrderKind.Pause, (await world.BeatAsync(runs[0], 1)).Orders.Single().Order);
        await new Journal(world, runs[0], 1).Started().Ended(AttemptOutcome.Paused).ShipAsync();
        var ended = await world.SummaryAsync(runs[0]);
        Assert.Equal(RunState.Cancelled, ended.State);
        Assert.Contains("has passed", ended.Cause, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Schedule_changes_while_the_sweep_runs(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(2);
        var sweep = (await world.SummaryAsync(runs[0])).SweepId!.Value;
        Assert.NotNull(await world.ClaimAsync());

        var outcome = await ChangeAsync(world, sweep, new SweepScheduleChange { Priority = 7, MaxParallel = new(1), Window = new("22:00-07:00 Europe/Berlin"), Deadline = new("2026-03-09T07:00Z") });

        Assert.Equal("The sweep now runs with priority 7, at most 1 at a time, in the window 22:00-07:00 Europe/Berlin, until 2026-03-09T07:00Z.", outcome.Message);
        var summary = (await world.Get<SweepStore>().FindAsync(sweep, TestWorld.Cancellation))!.Summary;
        Assert.Equal((7, 1, "22:00-07:00 Europe/Berlin", "2026-03-09T07:00Z"), (summary.Priority, summary.MaxParallel, summary.Window, summary.Deadline));
        Assert.All(await world.ReadAsync(context => context.Runs.Select(run => run.Priority).ToListAsync(TestWorld.Cancellation)), priority => Assert.Equal(7, priority));

        // It is 21:00 in Berlin: what runs is outside the new window.
        Assert.Equal(1, await LookAsync(world));
        Assert.Contains("Outside its window; resumes 22:00 Europe/Berlin.", (await world.Runs.EventsAsync(runs[0], TestWorld.Cancellation))[^1].Cause, StringComparison.Ordinal);

        await ChangeAsync(world, sweep, new SweepScheduleChange { MaxParallel = new(null), Window = new(null), Deadline = new(null) });
        Assert.Equal(runs[1], (await world.ClaimAsync(world.Request(1)))!.RunId);
    }

    [Theory]
    [InlineData(5000, null, null, null, "priority")]
    [InlineData(null, 0, null, null, "maxParallel")]
    [InlineData(null, null, "nights", null, "22:00-07:00 Europe/Berlin")]
    [InlineData(null, null, null, "soon", "2026-12-01T07:00 Europe/Berlin")]
    [InlineData(null, null, null, "2020-12-01T07:00Z", "has passed")]
    public async Task Schedule_that_cannot_be_is_refused_and_changes_nothing(int? priority, int? most, string? window, string? deadline, string words)
    {
        await using var world = await TestWorld.CreateAsync(DatabaseKind.Sqlite);
        var run = (await world.QueueAsync())[0];
        var sweep = (await world.SummaryAsync(run)).SweepId!.Value;

        var outcome = await ChangeAsync(world, sweep, new SweepScheduleChange
        {
            Priority = priority ?? 3, MaxParallel = most is null ? null : new(most), Window = window is null ? null : new(window), Deadline = deadline is null ? null : new(deadline),
        });

        Assert.Equal(CommandResult.Refused, outcome.Result);
        Assert.Contains(words, outcome.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await world.Get<SweepStore>().FindAsync(sweep, TestWorld.Cancellation))!.Summary.Priority);
    }

    private static Task<int> LookAsync(TestWorld world) => world.Get<ScheduleKeeper>().LookAsync(TestWorld.Cancellation);

    private static Task<CommandOutcome> ChangeAsync(TestWorld world, long sweep, SweepScheduleChange change) => world.Get<SweepStore>().ChangeAsync(sweep, change, TestWorld.Cancellation);
}
