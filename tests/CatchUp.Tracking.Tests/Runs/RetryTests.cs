using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;
using CatchUp.Tracking.Tests.Support;
using MassTransit.Testing;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Tests.Runs;

public sealed class RetryTests
{
    [Theory, OnBothDatabases]
    public async Task Retry_failed_run_goes_on_from_its_last_checkpoint(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, checkpoint) = await FailedAsync(world);

        var outcome = await world.Runs.RetryAsync(run, fromZero: false, TestWorld.Cancellation);

        Assert.Equal(CommandResult.Accepted, outcome.Result);
        var summary = await world.SummaryAsync(run);
        Assert.Equal((RunState.Queued, null), (summary.State, summary.Failure));
        Assert.True(await world.Bus.Published.Any<RunsQueued>(TestWorld.Cancellation));
        var again = await world.ClaimAsync();
        Assert.Equal((run, 2, checkpoint), (again!.RunId, again.Attempt, again.Checkpoint!.Sha256));
        Assert.Equal(4, await world.ReadAsync(context => context.Points.CountAsync(point => point.RunId == run, TestWorld.Cancellation)));
    }

    [Theory, OnBothDatabases]
    public async Task Retry_from_zero_removes_everything_the_run_had_recorded_and_says_so(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, checkpoint) = await FailedAsync(world);
        var (other, _) = await FailedAsync(world, content: 2);

        Assert.Equal(CommandResult.Accepted, (await world.Runs.RetryAsync(run, fromZero: true, TestWorld.Cancellation)).Result);

        Assert.Equal((0, 0, 0, 0), await RowsAsync(world, run));
        Assert.Equal((6, 1, 1, 1), await RowsAsync(world, other));
        Assert.False(world.Artifacts.Contains(checkpoint));
        Assert.Empty(await world.Get<MetricStore>().SeriesAsync(run, [], 0, long.MaxValue, 100, TestWorld.Cancellation));
        var summary = await world.SummaryAsync(run);
        Assert.Equal((RunState.Queued, 0, null, null), (summary.State, summary.Step, summary.LastLoss, summary.Best));
        Assert.Contains(await world.Runs.EventsAsync(run, TestWorld.Cancellation), entry => entry.Cause.StartsWith("rewound 6 → 0", StringComparison.Ordinal));
        var again = await world.ClaimAsync();
        Assert.Equal((run, 2), (again!.RunId, again.Attempt));
        Assert.Null(again.Checkpoint);
    }

    [Theory, OnBothDatabases]
    public async Task Retry_is_refused_for_a_run_that_did_not_end_badly(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();

        Assert.Equal(CommandResult.Refused, (await world.Runs.RetryAsync(run, fromZero: true, TestWorld.Cancellation)).Result);
        await journal.Started().Losses(1, 3).Ended(AttemptOutcome.Completed, 3).ShipAsync();
        Assert.Contains("is completed", (await world.Runs.RetryAsync(run, fromZero: true, TestWorld.Cancellation)).Message, StringComparison.Ordinal);
        Assert.Equal(CommandResult.NotFound, (await world.Runs.RetryAsync(999, fromZero: true, TestWorld.Cancellation)).Result);

        Assert.Equal(3, (await RowsAsync(world, run)).Points);
    }

    [Theory, OnBothDatabases]
    public async Task Retry_from_zero_is_refused_while_another_run_works_with_its_weights(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, _) = await FailedAsync(world);
        var child = (await world.QueueAsync())[0];
        await world.ExecuteAsync($"UPDATE runs SET parent_run_id = {run}, state = 'Running' WHERE id = {child}");

        var outcome = await world.Runs.RetryAsync(run, fromZero: true, TestWorld.Cancellation);

        Assert.Equal(CommandResult.Refused, outcome.Result);
        Assert.Contains("uses its weights", outcome.Message, StringComparison.Ordinal);
        Assert.Equal((RunState.Failed, (6, 1, 1, 1)), ((await world.SummaryAsync(run)).State, await RowsAsync(world, run)));
    }

    [Theory, OnBothDatabases]
    public async Task Retry_all_failed_runs_of_a_sweep_leaves_the_others_alone(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(3);
        for (var slot = 0; slot < 2; slot++)
        {
            var assigned = await world.ClaimAsync(world.Request(slot));
            await new Journal(world, assigned!.RunId, 1).Started().Losses(1, 2).Ended(slot == 0 ? AttemptOutcome.Failed : AttemptOutcome.Cancelled, 2, "It broke.").ShipAsync();
        }

        var sweep = (await world.SummaryAsync(runs[0])).SweepId!.Value;
        var sweeps = world.Get<SweepStore>();
        Assert.Equal(CommandResult.NotFound, (await sweeps.RetryFailedAsync(sweep + 1, fromZero: false, TestWorld.Cancellation)).Result);
        Assert.Equal(CommandResult.NotFound, (await sweeps.RetryFailedAsync(sweep + 1, fromZero: true, TestWorld.Cancellation)).Result);

        Assert.StartsWith("1 run is queued again", (await sweeps.RetryFailedAsync(sweep, fromZero: false, TestWorld.Cancellation)).Message, StringComparison.Ordinal);

        Assert.Equal([RunState.Queued, RunState.Cancelled, RunState.Queued], await StatesAsync(world, runs));
        Assert.Equal("None of its runs has failed.", (await sweeps.RetryFailedAsync(sweep, fromZero: true, TestWorld.Cancellation)).Message);

        var again = await world.ClaimAsync();
        Assert.Equal((runs[0], 2), (again!.RunId, again.Attempt));
        await new Journal(world, runs[0], 2).Started().Losses(1, 2).Ended(AttemptOutcome.Failed, 2, "It broke.").ShipAsync();
        Assert.StartsWith("1 of 1 failed run queued again", (await sweeps.RetryFailedAsync(sweep, fromZero: true, TestWorld.Cancellation)).Message, StringComparison.Ordinal);
        Assert.Equal((0, 0, 0, 0), await RowsAsync(world, runs[0]));
    }

    [Theory, OnBothDatabases]
    public async Task Cancel_with_a_checkpoint_pauses_the_trainer_and_then_cancels_the_run(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        await journal.Started().Losses(1, 4).ShipAsync();

        Assert.Equal(CommandResult.Accepted, (await world.Runs.CancelAtCheckpointAsync(run, TestWorld.Cancellation)).Result);

        Assert.Equal(OrderKind.Pause, (await world.BeatAsync(run, 1)).Orders.Single().Order);
        var nudge = (await world.Bus.Published.SelectAsync<AttemptOrder>(TestWorld.Cancellation).FirstOrDefault())!.Context.Message;
        Assert.Equal((run, 1, OrderKind.Pause, world.Incarnation), (nudge.RunId, nudge.Attempt, nudge.Order, nudge.Incarnation));
        Assert.Equal(OrderKind.Cancel, (await world.SummaryAsync(run)).Order);
        Assert.Equal(CommandResult.Refused, (await world.Runs.PauseAsync(run, TestWorld.Cancellation)).Result);
        Assert.Equal(CommandResult.Refused, (await world.Runs.ResumeAsync(run, TestWorld.Cancellation)).Result);
        var (sha256, bytes) = await world.StoreArtifactAsync([1, 2, 3]);
        await journal.Checkpoint(4, sha256, bytes).Ended(AttemptOutcome.Paused, 4).ShipAsync();
        Assert.Equal(RunState.Cancelled, (await world.SummaryAsync(run)).State);
        await world.Runs.RetryAsync(run, fromZero: false, TestWorld.Cancellation);
        Assert.Equal(4, (await world.ClaimAsync())!.Checkpoint!.Step);
    }

    [Theory, OnBothDatabases]
    public async Task Cancel_overrides_a_cancel_that_waits_for_its_checkpoint(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        await world.Runs.CancelAtCheckpointAsync(run, TestWorld.Cancellation);

        await world.Runs.CancelAsync(run, TestWorld.Cancellation);

        Assert.Equal(OrderKind.Cancel, (await world.BeatAsync(run, 1)).Orders.Single().Order);
        await journal.Started().Ended(AttemptOutcome.Lost).ShipAsync();
        Assert.Equal(RunState.Cancelled, (await world.SummaryAsync(run)).State);
    }

    [Theory, OnBothDatabases]
    public async Task Paused_run_goes_on_from_its_checkpoint_on_another_worker(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        await journal.Started().Losses(1, 5).ShipAsync();
        await world.Runs.PauseAsync(run, TestWorld.Cancellation);
        var (sha256, bytes) = await world.StoreArtifactAsync([7]);
        await journal.Checkpoint(5, sha256, bytes).Ended(AttemptOutcome.Paused, 5).ShipAsync();

        await world.Runs.ResumeAsync(run, TestWorld.Cancellation);
        var elsewhere = await world.ClaimAsync(world.Request() with { Worker = "other-worker", Incarnation = Guid.NewGuid() });

        Assert.Equal((run, 2, 5, sha256), (elsewhere!.RunId, elsewhere.Attempt, elsewhere.Checkpoint!.Step, elsewhere.Checkpoint.Sha256));
        Assert.Equal(["test-worker", "other-worker"], (await world.Runs.FindAsync(run, TestWorld.Cancellation))!.Attempts.Select(attempt => attempt.Worker));
        Assert.Equal(0, await world.ReadAsync(context => context.Attempts.Where(attempt => attempt.RunId == run && attempt.Number == 1).Select(attempt => attempt.LostSeconds).SingleAsync(TestWorld.Cancellation)));
    }

    /// <summary>A run with a checkpoint at step 4, and a point, an evaluation and samples at every turn, that failed at step 6.</summary>
    private static async Task<(long Run, string Checkpoint)> FailedAsync(TestWorld world, byte content = 1)
    {
        var (run, journal) = await world.RunningAsync();
        var checkpoint = await world.StoreArtifactAsync([content, 4]);
        var samples = await world.StoreArtifactAsync([content, 5]);
        await journal.Started().Losses(1, 4).Checkpoint(4, checkpoint.Sha256, checkpoint.Bytes).Evaluation(4, 12).Samples(4, samples.Sha256, bytes: samples.Bytes).Losses(5, 6)
            .Ended(AttemptOutcome.Failed, 6, "The loss was not finite.").ShipAsync();
        return (run, checkpoint.Sha256);
    }

    private static Task<(int Points, int Samples, int Evaluations, int Checkpoints)> RowsAsync(TestWorld world, long run) => world.ReadAsync(async context => (
        await context.Points.CountAsync(row => row.RunId == run, TestWorld.Cancellation),
        await context.Samples.CountAsync(row => row.RunId == run, TestWorld.Cancellation),
        await context.Evaluations.CountAsync(row => row.RunId == run, TestWorld.Cancellation),
        await context.Checkpoints.CountAsync(row => row.RunId == run, TestWorld.Cancellation)));

    private static async Task<List<RunState>> StatesAsync(TestWorld world, IReadOnlyList<long> runs)
    {
        var states = new List<RunState>();
        foreach (var run in runs)
        {
            states.Add((await world.SummaryAsync(run)).State);
        }

        return states;
    }
}
