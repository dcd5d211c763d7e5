using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Tests.Support;

namespace CatchUp.Tracking.Tests.Runs;

/// <summary>What a run cost, as it is told with the run.</summary>
public sealed class RunCostTests
{
    [Theory, OnBothDatabases]
    public async Task Each_attempt_tells_what_its_slot_was_occupied_with(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var run = (await world.QueueAsync())[0];
        await world.ClaimAsync(world.Request() with { Capabilities = new() { Device = "cuda:1", DeviceName = "A card", Datasets = ["synthetic"] } });
        world.Time.Advance(TimeSpan.FromHours(1));
        await new Journal(world, run, 1).Started().Add(new TimeSpent { Training = 1800, Sampling = 300 }).Add(new TimeSpent { Evaluation = 600 }).Ended(AttemptOutcome.Lost, 20).ShipAsync();
        await world.ClaimAsync(world.Request(1));
        world.Time.Advance(TimeSpan.FromMinutes(30));
        await new Journal(world, run, 2).Started().Losses(1, 10).Add(new TimeSpent { Training = 1e9 }).ShipAsync();

        var details = (await world.Runs.FindAsync(run, TestWorld.Cancellation))!;

        var first = details.Attempts[0];
        Assert.Equal("cuda A card", first.Device);
        Assert.Equal((1800.0, 300.0, 600.0, 900.0), (first.Seconds.Training, first.Seconds.Sampling, first.Seconds.Evaluation, first.Seconds.Overhead));

        // Nothing was kept of the first, and the second has been going on for half an hour, however fast its trainer's clock is.
        Assert.Equal(3600, first.Seconds.Lost, 3);
        Assert.Equal((1800.0, 0.0), (Math.Round(details.Attempts[1].Seconds.Training, 6), Math.Round(details.Attempts[1].Seconds.Overhead, 6)));
        Assert.Equal((5400.0, 3600.0), (Math.Round(details.Seconds.Total, 6), Math.Round(details.Seconds.Lost, 3)));
    }

    [Theory, OnBothDatabases]
    public async Task Bytes_of_checkpoints_are_of_those_that_are_kept(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        Assert.Equal(0, (await world.Runs.FindAsync(run, TestWorld.Cancellation))!.CheckpointBytes);

        await journal.Started().Checkpoint(10, new string('1', 64), 1000).Checkpoint(20, new string('2', 64), 2000).Checkpoint(20, new string('3', 64), 300, CheckpointKind.Snapshot).ShipAsync();
        Assert.Equal(3300, (await world.Runs.FindAsync(run, TestWorld.Cancellation))!.CheckpointBytes);

        await world.ExecuteAsync($"UPDATE checkpoints SET removed = {(kind == DatabaseKind.Sqlite ? "1" : "true")} WHERE step = 10");
        Assert.Equal(2300, (await world.Runs.FindAsync(run, TestWorld.Cancellation))!.CheckpointBytes);
    }

    [Theory, OnBothDatabases]
    public async Task Teachers_are_told_up_to_the_first_and_an_evaluated_run_is_none(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(6);
        await world.ExecuteAsync($"UPDATE runs SET parent_run_id = {runs[0]} WHERE id = {runs[1]}");
        await world.ExecuteAsync($"UPDATE runs SET parent_run_id = {runs[1]} WHERE id IN ({runs[2]}, {runs[3]})");
        await world.ExecuteAsync($"UPDATE runs SET parent_run_id = {runs[1]}, kind = '{nameof(RunKind.Evaluate)}' WHERE id = {runs[4]}");
        await world.ExecuteAsync($"UPDATE runs SET parent_run_id = 999999 WHERE id = {runs[5]}");

        var teachers = await world.Runs.TeachersAsync([.. runs, 4711], TestWorld.Cancellation);

        Assert.Equal([runs[1], runs[2], runs[3], runs[5]], teachers.Keys.Order());
        Assert.Equal([runs[0]], teachers[runs[1]]);
        Assert.Equal([runs[1], runs[0]], teachers[runs[2]]);
        Assert.Equal([runs[1], runs[0]], teachers[runs[3]]);

        // It is gone, and nobody knows what it started from.
        Assert.Equal([999999L], teachers[runs[5]]);
    }

    [Theory, OnBothDatabases]
    public async Task Runs_that_name_each_other_do_not_go_on_for_ever(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(2);
        await world.ExecuteAsync($"UPDATE runs SET parent_run_id = {runs[1]} WHERE id = {runs[0]}");
        await world.ExecuteAsync($"UPDATE runs SET parent_run_id = {runs[0]} WHERE id = {runs[1]}");

        var teachers = await world.Runs.TeachersAsync(runs, TestWorld.Cancellation);

        Assert.Equal([runs[1]], teachers[runs[0]]);
    }
}
