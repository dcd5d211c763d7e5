using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Tracking.Nights;
using CatchUp.Tracking.Sweeps;
using CatchUp.Tracking.Tests.Support;

namespace CatchUp.Tracking.Tests.Nights;

public sealed class NightStoreTests
{
    private static readonly DateTimeOffset Evening = new(2026, 3, 1, 18, 0, 0, TimeSpan.Zero);

    [Theory, OnBothDatabases]
    public async Task Night_without_anything_is_empty(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);

        Assert.True((await ReadAsync(world, Evening, Evening.AddDays(1))).IsEmpty);
    }

    [Theory, OnBothDatabases]
    public async Task Night_tells_what_ran_what_failed_and_what_waits(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.QueueAsync(6, "orders");
        await EndAsync(world, AttemptOutcome.Completed);
        await EndAsync(world, AttemptOutcome.Failed, FailureKind.OutOfMemory);
        await EndAsync(world, AttemptOutcome.Failed, FailureKind.OutOfMemory);
        await EndAsync(world, AttemptOutcome.Lost);
        await EndAsync(world, AttemptOutcome.Paused);

        var night = await ReadAsync(world, Evening, Evening.AddDays(1));

        var sweep = Assert.Single(night.Sweeps);
        Assert.Equal(("orders", 1, 2, 1, 1, 1, 1), (sweep.Name, sweep.Completed, sweep.Failed, sweep.Paused, sweep.Running, sweep.Lost, sweep.Resumed));
        var failure = Assert.Single(night.Failures);
        Assert.Equal((FailureKind.OutOfMemory, 2, 2), (failure.Kind, failure.Count, failure.Runs.Count));
        Assert.Contains("batchSize", failure.Advice, StringComparison.Ordinal);
        var waiting = Assert.Single(night.Waiting);
        Assert.Equal((1, "Waiting: no worker is online."), (waiting.Count, waiting.Reason));

        // The night before and the night after saw nothing of it.
        Assert.Empty((await ReadAsync(world, Evening.AddDays(-1), Evening)).Sweeps);
        Assert.Empty((await ReadAsync(world, Evening.AddDays(1), Evening.AddDays(2))).Sweeps);
        Assert.Empty((await ReadAsync(world, Evening.AddDays(1), Evening.AddDays(2))).Failures);
    }

    [Theory, OnBothDatabases]
    public async Task Night_counts_each_run_once_by_what_happened_to_it_last(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var run = (await world.QueueAsync())[0];
        await EndAsync(world, AttemptOutcome.Failed);
        await world.Runs.RetryAsync(run, fromZero: false, TestWorld.Cancellation);
        await EndAsync(world, AttemptOutcome.Completed);

        var sweep = Assert.Single((await ReadAsync(world, Evening, Evening.AddDays(1))).Sweeps);

        Assert.Equal((1, 0), (sweep.Completed, sweep.Failed));
    }

    [Theory, OnBothDatabases]
    public async Task Night_compares_the_best_value_with_that_before_it_within_one_protocol(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var evening = Evening.AddDays(1);
        await world.QueueAsync(3, "fids", change: Objective);
        var grid = await world.StoreArtifactAsync([1]);
        world.Time.SetUtcNow(evening.AddHours(-5));
        await world.ClaimAsync();
        var before = await new Journal(world, 1, 1).Started().Evaluation(10, 31).Evaluation(20, 5, gate: 100).Evaluation(20, 6, gate: 200).Evaluation(20, 30).Ended(AttemptOutcome.Completed, 20).ShipAsync();
        Assert.Null(before.Superseded);
        world.Time.SetUtcNow(evening.AddHours(5));
        await world.ClaimAsync();
        await new Journal(world, 2, 1).Started().Evaluation(10, 4, gate: 100).Evaluation(10, 4, gate: 100, nfe: 8).Evaluation(10, 28).Samples(10, grid.Sha256, nfe: 8).Samples(10, grid.Sha256, nfe: 4).Evaluation(20, 29).Ended(AttemptOutcome.Completed, 20).ShipAsync();
        await world.ClaimAsync();

        // Better by another protocol, which has fewer numbers: not compared with the rest.
        await new Journal(world, 3, 1).Started().Evaluation(10, 3, samples: 10).Ended(AttemptOutcome.Completed, 10).ShipAsync();

        var sweep = Assert.Single((await ReadAsync(world, evening, evening.AddDays(1))).Sweeps);
        Assert.Equal((true, 30, 28, "fids-1"), (sweep.Improved, sweep.Before!.Value, sweep.After!.Value, sweep.BestRun));
        Assert.Equal((2, 4), (sweep.Samples!.RunId, sweep.Samples.Nfe));
        var earlier = Assert.Single((await ReadAsync(world, evening.AddDays(-1), evening)).Sweeps);
        Assert.Equal((true, null, 30), (earlier.Improved, earlier.Before, earlier.After!.Value));

        static void Objective(SweepEntity sweep) => (sweep.ObjectiveMetric, sweep.ObjectiveNfe, sweep.ObjectiveHead, sweep.ObjectiveSolver, sweep.ObjectiveGoal) = ("fid", 4, 1, "euler", SweepGoal.Minimize);
    }

    [Theory, OnBothDatabases]
    public async Task Cost_is_split_by_what_the_trainer_did_and_cut_at_the_nights_ends(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var evening = Evening.AddDays(1);
        await world.QueueAsync(2);
        world.Time.SetUtcNow(evening.AddHours(-1));
        await world.ClaimAsync(world.Request() with { Capabilities = new() { Device = "cuda:0", Datasets = ["synthetic"] } });
        await world.ClaimAsync(world.Request(1));
        world.Time.SetUtcNow(evening.AddHours(3));
        await new Journal(world, 1, 1).Started().Add(new TimeSpent { Training = 3600, Sampling = 600 }).Add(new TimeSpent { Training = 3600, Evaluation = 1200, Sampling = double.NaN }).Ended(AttemptOutcome.Completed, 10).ShipAsync();
        await new Journal(world, 2, 1).Started().Add(new TimeSpent { Training = 1e9 }).Ended(AttemptOutcome.Completed, 10).ShipAsync();

        var night = await ReadAsync(world, evening, evening.AddDays(1));

        // Three of its four hours lie in the night.
        Assert.Equal((5400, 450, 900, 4050), (night.Gpu.Training, night.Gpu.Sampling, night.Gpu.Evaluation, night.Gpu.Overhead));
        Assert.Equal((3 * 3600, 0), (Math.Round(night.Cpu.Training, 6), Math.Round(night.Cpu.Overhead, 6)));
        Assert.Equal(3600, (await ReadAsync(world, evening.AddDays(-1), evening)).Gpu.Total, 6);
    }

    [Theory, OnBothDatabases]
    public async Task Lost_time_is_that_between_the_kept_checkpoint_and_the_loss(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        var began = world.Time.GetUtcNow();
        var (sha256, bytes) = await world.StoreArtifactAsync([3]);
        world.Time.Advance(TimeSpan.FromMinutes(10));
        await journal.Started().Checkpoint(10, sha256, bytes).ShipAsync();
        world.Time.Advance(TimeSpan.FromMinutes(7));
        await journal.Ended(AttemptOutcome.Lost, 10).ShipAsync();
        Assert.Equal(0, (await ReadAsync(world, began, began.AddHours(1))).Cpu.Lost);

        Assert.Equal(10, (await world.ClaimAsync(world.Request(1)))!.Checkpoint!.Step);

        // The entries of a journal are a second apart, and the checkpoint's is its second.
        var night = await ReadAsync(world, began, began.AddHours(1));
        Assert.Equal((7 * 60) - 1, night.Cpu.Lost, 3);
        Assert.Equal((7 * 60) - 1 - 60, (await ReadAsync(world, began, began.AddMinutes(16))).Cpu.Lost, 3);
        Assert.Equal((1, 1), (night.Sweeps[0].Lost, night.Sweeps[0].Resumed));
        Assert.Equal(RunState.Running, (await world.SummaryAsync(run)).State);
    }

    private static Task<Night> ReadAsync(TestWorld world, DateTimeOffset from, DateTimeOffset to) => world.Get<NightStore>().ReadAsync(from, to, TestWorld.Cancellation);

    private static async Task EndAsync(TestWorld world, AttemptOutcome outcome, FailureKind? failure = null)
    {
        var assigned = await world.ClaimAsync();
        await new Journal(world, assigned!.RunId, assigned.Attempt).Started().Add(new AttemptEnded { Outcome = outcome, Step = 1, Failure = failure, Cause = outcome == AttemptOutcome.Failed ? "It broke." : null }).ShipAsync();
        if (outcome == AttemptOutcome.Lost)
        {
            await world.ClaimAsync(world.Request(9));
        }
    }
}
