using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Sweeps;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;
using CatchUp.Tracking.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Tests.Sweeps;

public sealed class SweepStoreTests
{
    private static CancellationToken Cancellation => TestWorld.Cancellation;

    [Theory]
    [OnBothDatabases]
    public async Task Sweeps_are_listed_newest_first_with_what_their_runs_do(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.QueueAsync(2, "older one");
        var runs = await world.QueueAsync(4, "newer", change: sweep => sweep.Owner = "Ada");
        await world.ExecuteAsync($"UPDATE runs SET state = 'Completed', step = 1000 WHERE id = {runs[0]}");
        await world.ExecuteAsync($"UPDATE runs SET state = 'Running', step = 500 WHERE id = {runs[1]}");
        var store = world.Get<SweepStore>();

        var page = await store.ListAsync(null, archived: false, 0, 10, Cancellation);
        Assert.Equal(["newer", "older one"], page.Items.Select(sweep => sweep.Name));
        Assert.Equal((2, null), (page.Total, page.Next));
        var newer = page.Items[0];
        Assert.Equal(4, newer.Runs);
        Assert.Equal(new Dictionary<RunState, int> { [RunState.Queued] = 2, [RunState.Running] = 1, [RunState.Completed] = 1 }, newer.States);
        Assert.Equal(1500.0 / 4000, newer.Progress, 10);
        Assert.Null(newer.Remaining);

        Assert.Equal(["older one"], (await store.ListAsync("OLDER", archived: false, 0, 10, Cancellation)).Items.Select(sweep => sweep.Name));
        Assert.Equal(["newer"], (await store.ListAsync("ada", archived: false, 0, 10, Cancellation)).Items.Select(sweep => sweep.Name));
        Assert.Empty((await store.ListAsync("%", archived: false, 0, 10, Cancellation)).Items);
        Assert.Equal("1", (await store.ListAsync(null, archived: false, 0, 1, Cancellation)).Next);
        Assert.Equal(["older one"], (await store.ListAsync(null, archived: false, 1, 1, Cancellation)).Items.Select(sweep => sweep.Name));
        Assert.Null(await store.FindAsync(99, Cancellation));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Best_is_found_among_like_measurements_only(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(3, "best", change: WithObjective);
        // Two runs measured with 500 samples, one with 100: its better number is another kind of number.
        foreach (var (value, samples) in new[] { (30.0, 500), (20.0, 500), (1.0, 100) })
        {
            var assigned = (await world.ClaimAsync())!;
            await new Journal(world, assigned.RunId, assigned.Attempt).Started().Evaluation(10, value, samples: samples).Ended(AttemptOutcome.Completed, 1000).ShipAsync();
        }

        var sweep = (await world.Get<SweepStore>().FindAsync(await SweepOfAsync(world, runs[0]), Cancellation))!.Summary;

        Assert.Equal((20.0, "best-1"), (sweep.Best!.Value, sweep.BestRunName));
        Assert.Equal(new SweepObjective("fid", SolverKind.Euler, 4, 1, SweepGoal.Minimize), sweep.Objective);
    }

    [Theory]
    [OnBothDatabases]
    public async Task Best_of_a_sweep_that_maximises_is_the_largest(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(2, "best", change: sweep =>
        {
            WithObjective(sweep);
            sweep.ObjectiveGoal = SweepGoal.Maximize;
        });
        foreach (var value in new[] { 30.0, 20.0 })
        {
            var assigned = (await world.ClaimAsync())!;
            await new Journal(world, assigned.RunId, assigned.Attempt).Started().Evaluation(10, value).Ended(AttemptOutcome.Completed, 1000).ShipAsync();
        }

        Assert.Equal("best-0", (await world.Get<SweepStore>().FindAsync(await SweepOfAsync(world, runs[0]), Cancellation))!.Summary.BestRunName);
    }

    [Theory]
    [OnBothDatabases]
    public async Task Pause_holds_queued_runs_back_and_resume_lets_them_go(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(3);
        var sweep = await SweepOfAsync(world, runs[0]);
        var store = world.Get<SweepStore>();
        var running = (await world.ClaimAsync())!;

        Assert.Equal(CommandResult.Accepted, (await store.PauseAsync(sweep, Cancellation)).Result);
        Assert.True((await store.FindAsync(sweep, Cancellation))!.Summary.Paused);
        Assert.Null(await world.ClaimAsync(world.Request(1)));
        Assert.Equal(OrderKind.Pause, Assert.Single((await world.BeatAsync(running.RunId, running.Attempt)).Orders).Order);
        Assert.True(await world.Bus.Published.Any<AttemptOrder>(message => message.Context.Message is { Order: OrderKind.Pause } order && order.RunId == running.RunId && order.Incarnation == world.Incarnation, Cancellation));
        await new Journal(world, running.RunId, running.Attempt).Started().Ended(AttemptOutcome.Paused, 3).ShipAsync();
        Assert.Equal(RunState.Paused, (await world.SummaryAsync(running.RunId)).State);

        var resumed = await store.ResumeAsync(sweep, Cancellation);
        Assert.Equal("The sweep goes on: 1 run is queued again.", resumed.Message);
        Assert.False((await store.FindAsync(sweep, Cancellation))!.Summary.Paused);
        Assert.Equal(running.RunId, (await world.ClaimAsync(world.Request(1)))!.RunId);
        var history = await world.Runs.EventsAsync(running.RunId, Cancellation);
        Assert.Contains(history, entry => entry is { From: RunState.Paused, To: RunState.Queued, Cause: "Resumed with the whole sweep." });
        Assert.Contains(history, entry => entry is { From: null, To: RunState.Running, Cause: "Pausing was asked for, with the whole sweep." });
    }

    [Theory]
    [OnBothDatabases]
    public async Task Resume_says_which_runs_are_still_pausing(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var sweep = await SweepOfAsync(world, (await world.QueueAsync())[0]);
        await world.ClaimAsync();
        var store = world.Get<SweepStore>();
        await store.PauseAsync(sweep, Cancellation);
        Assert.Contains("1 run is still pausing", (await store.ResumeAsync(sweep, Cancellation)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [OnBothDatabases]
    public async Task Cancel_ends_what_waits_and_orders_what_runs_to_stop(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(4);
        var other = await world.QueueAsync(1, "other");
        var sweep = await SweepOfAsync(world, runs[0]);
        await world.ExecuteAsync($"UPDATE runs SET state = 'Completed' WHERE id = {runs[3]}");
        await world.ExecuteAsync($"UPDATE runs SET state = 'Paused' WHERE id = {runs[2]}");
        var running = (await world.ClaimAsync())!;
        var store = world.Get<SweepStore>();

        var outcome = await store.CancelAsync(sweep, Cancellation);

        Assert.Equal(new CommandOutcome(CommandResult.Accepted, "2 runs cancelled, 1 run told to stop."), outcome);
        var states = await world.ReadAsync(context => context.Runs.OrderBy(run => run.Id).Select(run => run.State).ToListAsync(Cancellation));
        Assert.Equal([RunState.Running, RunState.Cancelled, RunState.Cancelled, RunState.Completed, RunState.Queued], states);
        Assert.Equal((RunState?)RunState.Queued, Assert.Single(await world.Runs.EventsAsync(runs[1], Cancellation)).From);
        Assert.Equal((RunState?)RunState.Paused, Assert.Single(await world.Runs.EventsAsync(runs[2], Cancellation)).From);
        Assert.Empty(await world.Runs.EventsAsync(runs[3], Cancellation));
        Assert.Empty(await world.Runs.EventsAsync(other[0], Cancellation));
        Assert.Equal(OrderKind.Cancel, Assert.Single((await world.BeatAsync(running.RunId, running.Attempt)).Orders).Order);

        // Neither pausing nor resuming takes a cancellation back, and doing it twice changes nothing.
        await store.PauseAsync(sweep, Cancellation);
        await store.ResumeAsync(sweep, Cancellation);
        Assert.Equal(OrderKind.Cancel, Assert.Single((await world.BeatAsync(running.RunId, running.Attempt)).Orders).Order);
        Assert.Equal("Nothing was left to cancel.", (await store.CancelAsync(sweep, Cancellation)).Message);
    }

    [Theory]
    [OnBothDatabases]
    public async Task Archive_moves_a_sweep_and_its_runs_and_waits_for_their_end(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(2);
        var sweep = await SweepOfAsync(world, runs[0]);
        var store = world.Get<SweepStore>();

        Assert.Equal(CommandResult.Refused, (await store.ArchiveAsync(sweep, archived: true, Cancellation)).Result);
        await store.CancelAsync(sweep, Cancellation);
        Assert.Equal(CommandResult.Accepted, (await store.ArchiveAsync(sweep, archived: true, Cancellation)).Result);
        Assert.Equal((0, 1), ((await store.ListAsync(null, archived: false, 0, 10, Cancellation)).Total, (await store.ListAsync(null, archived: true, 0, 10, Cancellation)).Total));
        Assert.Equal(2, (await world.Runs.ListAsync(new RunQuery { Archived = true }, Cancellation)).Total);
        await store.ArchiveAsync(sweep, archived: false, Cancellation);
        Assert.Equal(2, (await world.Runs.ListAsync(new RunQuery(), Cancellation)).Total);
    }

    [Theory]
    [OnBothDatabases]
    public async Task Delete_takes_everything_that_is_only_the_sweeps(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(3);
        var sweep = await SweepOfAsync(world, runs[0]);
        var kept = await world.QueueAsync(1, "kept");
        var own = await world.StoreArtifactAsync([1, 2, 3]);
        var shared = await world.StoreArtifactAsync([4, 5]);
        var store = world.Get<SweepStore>();
        var first = (await world.ClaimAsync())!;
        await new Journal(world, first.RunId, first.Attempt).Started().Losses(1, 5).Samples(5, own.Sha256, bytes: own.Bytes).Checkpoint(5, shared.Sha256, shared.Bytes).Evaluation(5, 1).ShipAsync();
        Assert.Equal(CommandResult.Refused, (await store.DeleteAsync(sweep, Cancellation)).Outcome.Result);
        Assert.False((await store.FindAsync(sweep, Cancellation))!.Summary.Paused);
        await world.ShipAsync(first.RunId, first.Attempt, [new AttemptEnded { Number = 10, Outcome = AttemptOutcome.Completed, Step = 1000, At = world.Time.GetUtcNow() }]);
        await world.ExecuteAsync($"INSERT INTO checkpoints (run_id, type, step, sha256, bytes, at, removed) VALUES ({kept[0]}, 'Checkpoint', 1, '{shared.Sha256}', 2, 1, {(kind == DatabaseKind.Sqlite ? "0" : "false")})");

        var expected = new Deletion(3, 1, 1, 1, 3);
        Assert.Equal(expected, await store.PlanDeletionAsync(sweep, Cancellation));
        var (outcome, freed) = await store.DeleteAsync(sweep, Cancellation);

        Assert.Equal(CommandResult.Accepted, outcome.Result);
        Assert.Equal(expected, freed);
        Assert.Null(await store.FindAsync(sweep, Cancellation));
        Assert.False(world.Artifacts.Contains(own.Sha256));
        Assert.True(world.Artifacts.Contains(shared.Sha256));
        Assert.Equal([kept[0]], await world.ReadAsync(context => context.Runs.Select(run => run.Id).ToListAsync(Cancellation)));
        Assert.Equal(0, await world.ReadAsync(context => context.Points.CountAsync(Cancellation)));
        Assert.Equal(0, await world.ReadAsync(context => context.Buckets.CountAsync(Cancellation)));
        Assert.True(await world.Bus.Published.Any<SweepChanged>(message => message.Context.Message.SweepId == sweep, Cancellation));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Commands_for_no_sweep_say_so_and_names_are_checked(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var store = world.Get<SweepStore>();
        Assert.Equal(CommandResult.NotFound, (await store.PauseAsync(7, Cancellation)).Result);
        Assert.Equal(CommandResult.NotFound, (await store.DeleteAsync(7, Cancellation)).Outcome.Result);
        var sweep = await SweepOfAsync(world, (await world.QueueAsync())[0]);
        Assert.Equal(CommandResult.Refused, (await store.RenameAsync(sweep, " ", Cancellation)).Result);
        Assert.Equal(CommandResult.Refused, (await store.RenameAsync(sweep, "a\u0007", Cancellation)).Result);
        Assert.Equal(CommandResult.Refused, (await store.RenameAsync(sweep, new string('x', 201), Cancellation)).Result);
        Assert.Equal(CommandResult.Accepted, (await store.RenameAsync(sweep, " <script> 名 ", Cancellation)).Result);
        Assert.Equal("<script> 名", (await store.FindAsync(sweep, Cancellation))!.Summary.Name);
    }

    private static void WithObjective(SweepEntity sweep) =>
        (sweep.ObjectiveMetric, sweep.ObjectiveSolver, sweep.ObjectiveNfe, sweep.ObjectiveHead, sweep.ObjectiveGoal) = ("fid", "euler", 4, 1, SweepGoal.Minimize);

    private static Task<long> SweepOfAsync(TestWorld world, long run) => world.ReadAsync(context => context.Runs.Where(r => r.Id == run).Select(r => r.SweepId).SingleAsync(Cancellation));
}
