using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Retention;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;
using CatchUp.Tracking.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Tests.Retention;

public sealed class RetentionTests
{
    private static readonly double[] Values = [30, 10, 20, 40];

    [Theory, OnBothDatabases]
    public async Task Policy_frees_all_but_the_last_the_best_and_the_pinned_and_the_dry_run_says_so_before(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, files) = await TrainedAsync(world, last: 1, best: 1);
        var pinned = (await world.Runs.CheckpointsAsync(run, TestWorld.Cancellation)).Single(c => c is { Step: 100, Type: CheckpointKind.Checkpoint });
        Assert.Equal(CommandResult.Accepted, (await Store(world).PinAsync(run, pinned.Id, pinned: true, TestWorld.Cancellation)).Result);

        var overview = await Store(world).LookAsync(TestWorld.Cancellation);
        Assert.Equal(8, (await world.Runs.CheckpointsAsync(run, TestWorld.Cancellation)).Count);
        var freed = await Store(world).ApplyAsync(TestWorld.Cancellation);

        // Of four steps: the last is kept, step 200 has the best FID, and the checkpoint of step 100 is pinned.
        Assert.Equal(
            [(100, CheckpointKind.Checkpoint), (200, CheckpointKind.Snapshot), (400, CheckpointKind.Checkpoint), (400, CheckpointKind.Snapshot)],
            (await world.Runs.CheckpointsAsync(run, TestWorld.Cancellation)).Select(c => (c.Step, c.Type)).OrderBy(c => c.Step).ThenBy(c => c.Type));
        Assert.Equal((1, 4, files.Where(file => file.Key is ("snapshot", 100) or ("snapshot", 300) or ("checkpoint", 200) or ("checkpoint", 300)).Sum(file => file.Value.Bytes), 2), (freed.Runs, freed.Checkpoints, freed.Bytes, freed.LostEvaluations));
        Assert.Equal((freed.Runs, freed.Checkpoints, freed.Bytes, freed.LostEvaluations), (overview.Plan.Runs, overview.Plan.Checkpoints, overview.Plan.Bytes, overview.Plan.LostEvaluations));
        Assert.Equal([100, 300], overview.Plan.Evaluations.Select(evaluation => evaluation.Step));
        Assert.Equal(files.Keys.Where(file => file is ("snapshot", 200 or 400) or ("checkpoint", 100 or 400)).Order(), files.Where(file => world.Artifacts.Contains(file.Value.Sha256)).Select(file => file.Key).Order());
        var storage = Assert.Single(overview.Sweeps);
        Assert.Equal(("last 1, best 1", false, 8, freed.Bytes), (storage.Policy, storage.FromServer, storage.Checkpoints, storage.FreeBytes));
        Assert.Contains(await world.Runs.EventsAsync(run, TestWorld.Cancellation), entry => entry.Cause == "Freed by retention (last 1, best 1): 2 checkpoints of steps 200, 300, 2 snapshots of steps 100, 300.");
        Assert.Equal(8, await world.ReadAsync(context => context.Evaluations.CountAsync(TestWorld.Cancellation)));
        Assert.Equal(0, (await Store(world).ApplyAsync(TestWorld.Cancellation)).Checkpoints);
    }

    [Theory, OnBothDatabases]
    public async Task Nothing_goes_of_a_run_under_way_or_without_a_policy(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await TrainedAsync(world, last: 1, best: 0, end: null);
        await TrainedAsync(world, last: null, best: null, slot: 1);
        await TrainedAsync(world, last: null, best: null, slot: 2, keepAll: true);

        Assert.Equal(0, (await Store(world).ApplyAsync(TestWorld.Cancellation)).Checkpoints);

        // With a policy of the server's own, the one that says nothing follows it, and the one that says "all" does not.
        world.Options.Retention = RetentionPolicy.Parse("last=1,best=0");
        var freed = await Store(world).ApplyAsync(TestWorld.Cancellation);
        Assert.Equal((1, 6), (freed.Runs, freed.Checkpoints));
    }

    [Theory, OnBothDatabases]
    public async Task File_of_two_runs_goes_with_the_last_of_them(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (first, files) = await TrainedAsync(world, last: 1, best: 0);
        var (second, _) = await TrainedAsync(world, last: null, best: null, slot: 1, keepAll: true);
        var shared = files[("snapshot", 100)].Sha256;
        await world.ExecuteAsync(FormattableString.Invariant($"UPDATE checkpoints SET sha256 = '{shared}' WHERE run_id = {second} AND step = 100 AND type = 'Snapshot'"));

        var plan = (await Store(world).LookAsync(TestWorld.Cancellation)).Plan;
        var freed = await Store(world).ApplyAsync(TestWorld.Cancellation);

        Assert.Equal((6, 6), (plan.Checkpoints, freed.Checkpoints));
        Assert.Equal(plan.Bytes, freed.Bytes);
        Assert.True(world.Artifacts.Contains(shared));
        Assert.DoesNotContain(await world.Runs.CheckpointsAsync(first, TestWorld.Cancellation), c => c.Sha256 == shared);
        await world.Runs.DeleteAsync([second], TestWorld.Cancellation);
        Assert.False(world.Artifacts.Contains(shared));
    }

    [Theory, OnBothDatabases]
    public async Task Snapshot_that_a_waiting_run_needs_stays_until_that_has_completed(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (parent, files) = await TrainedAsync(world, last: 1, best: 0);
        var child = (await world.QueueAsync(name: "child"))[0];
        await world.ExecuteAsync(FormattableString.Invariant($"UPDATE runs SET parent_run_id = {parent}, specification = '{{\"initialRun\":{{\"run\":\"{parent}\",\"step\":200}}}}' WHERE id = {child}"));

        await Store(world).ApplyAsync(TestWorld.Cancellation);
        Assert.True(world.Artifacts.Contains(files[("snapshot", 200)].Sha256));
        Assert.False(world.Artifacts.Contains(files[("snapshot", 300)].Sha256));
        await world.ExecuteAsync($"UPDATE runs SET state = 'Failed' WHERE id = {child}");
        Assert.Equal(0, (await Store(world).ApplyAsync(TestWorld.Cancellation)).Checkpoints);
        await world.ExecuteAsync($"UPDATE runs SET state = 'Completed' WHERE id = {child}");
        Assert.Equal(1, (await Store(world).ApplyAsync(TestWorld.Cancellation)).Checkpoints);
        Assert.False(world.Artifacts.Contains(files[("snapshot", 200)].Sha256));
    }

    [Theory, OnBothDatabases]
    public async Task Pinned_file_outlives_the_trainers_own_housekeeping(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        var (old, _) = await world.StoreArtifactAsync([1]);
        var (other, _) = await world.StoreArtifactAsync([2]);
        var (newer, _) = await world.StoreArtifactAsync([3]);
        await journal.Started().Checkpoint(100, old).Checkpoint(150, other).ShipAsync();
        var id = (await world.Runs.CheckpointsAsync(run, TestWorld.Cancellation))[0].Id;
        await Store(world).PinAsync(run, id, pinned: true, TestWorld.Cancellation);

        await journal.Checkpoint(200, newer).Add(new CheckpointRemoved { Step = 100, Sha256 = old }).Add(new CheckpointRemoved { Step = 150, Sha256 = other }).ShipAsync();

        Assert.Equal([100, 200], (await world.Runs.CheckpointsAsync(run, TestWorld.Cancellation)).Select(c => c.Step));
        Assert.True(world.Artifacts.Contains(old));
        Assert.False(world.Artifacts.Contains(other));
        Assert.Equal(CommandResult.NotFound, (await Store(world).PinAsync(run, id + 1000, pinned: true, TestWorld.Cancellation)).Result);
    }

    /// <summary>Whatever table will be added: a row that names a run goes with it.</summary>
    [Theory, OnBothDatabases]
    public async Task Deleting_a_run_leaves_no_row_that_names_it(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, files) = await TrainedAsync(world, last: null, best: null);

        var (_, freed) = await world.Runs.DeleteAsync([run], TestWorld.Cancellation);

        Assert.Equal(files.Values.Sum(file => file.Bytes), freed.Bytes);
        Assert.DoesNotContain(files.Values, file => world.Artifacts.Contains(file.Sha256));
        var tables = await world.ReadAsync(context => Task.FromResult(context.Model.GetEntityTypes().Where(type => type.FindProperty("RunId") is not null).Select(type => type.GetTableName()!).ToList()));
        Assert.Contains("points", tables);
        foreach (var table in tables)
        {
            Assert.Equal(0, await world.ReadAsync(context => Sql.NumberAsync(context, $"SELECT COUNT(*) FROM {table} WHERE run_id = {run}", TestWorld.Cancellation)));
        }
    }

    [Theory, OnBothDatabases]
    public async Task Sweep_file_says_what_is_kept(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        foreach (var (text, expected) in new (string, (bool, int?, int?))[] { ("", (false, null, null)), ("retention: { last: 3, best: 0 }", (false, 3, 0)), ("retention: { keep: all }", (true, null, null)) })
        {
            var (accepted, _) = await SubmitAsync(world, text);
            var sweep = await world.ReadAsync(context => context.Sweeps.FirstAsync(s => s.Id == accepted!.SweepId, TestWorld.Cancellation));
            Assert.Equal(expected, (sweep.RetentionKeepAll, sweep.RetentionLast, sweep.RetentionBest));
        }

        foreach (var (text, path) in new[] { ("retention: { keep: all, last: 2 }", "retention.keep"), ("retention: { last: 0 }", "retention.last"), ("retention: { lats: 2 }", "retention.lats"), ("retention: { keep: some }", "retention.keep") })
        {
            var (_, refused) = await SubmitAsync(world, text);
            Assert.Equal(path, Assert.Single(refused!.Problems).Path);
        }
    }

    private static Task<(Contracts.Sweeps.SweepAccepted? Accepted, Contracts.Sweeps.SweepRefused? Refused)> SubmitAsync(TestWorld world, string retention)
        => world.Get<SweepIntake>().SubmitAsync(new() { RequestId = Guid.NewGuid(), Document = $"name: kept\nbase: {{ preset: fashion-tiny }}\n{retention}\n" }, TestWorld.Cancellation);

    private static RetentionStore Store(TestWorld world) => world.Get<RetentionStore>();

    /// <summary>A run with a checkpoint and an evaluated snapshot at steps 100 to 400, the second of which is best, and some of everything else.</summary>
    private static async Task<(long Run, Dictionary<(string Kind, int Step), (string Sha256, long Bytes)> Files)> TrainedAsync(
        TestWorld world, int? last, int? best, AttemptOutcome? end = AttemptOutcome.Completed, int slot = 0, bool keepAll = false)
    {
        var run = (await world.QueueAsync(change: sweep =>
        {
            (sweep.RetentionLast, sweep.RetentionBest, sweep.RetentionKeepAll) = (last, best, keepAll);
            (sweep.ObjectiveMetric, sweep.ObjectiveSolver, sweep.ObjectiveNfe, sweep.ObjectiveHead, sweep.ObjectiveGoal) = ("fid", "euler", 4, 1, SweepGoal.Minimize);
        }))[0];
        Assert.Equal(run, (await world.ClaimAsync(world.Request(slot)))!.RunId);
        var journal = new Support.Journal(world, run, 1).Started();
        var files = new Dictionary<(string, int), (string Sha256, long Bytes)>();
        for (var index = 0; index < Values.Length; index++)
        {
            var step = (index + 1) * 100;
            var snapshot = files[("snapshot", step)] = await world.StoreArtifactAsync([1, (byte)index, (byte)slot, 0, 0]);
            var checkpoint = files[("checkpoint", step)] = await world.StoreArtifactAsync([2, (byte)index, (byte)slot, .. new byte[10 + index]]);
            journal.Points(step, ("loss", index)).Line("a line").Checkpoint(step, snapshot.Sha256, snapshot.Bytes, CheckpointKind.Snapshot).Checkpoint(step, checkpoint.Sha256, checkpoint.Bytes);
            var evaluation = (EvaluationMade)new Support.Journal(world, run, 1).Evaluation(step, Values[index]).Entries[0];
            journal.Add(evaluation with { SnapshotSha256 = snapshot.Sha256, Gate = 100, Samples = 100, Value = step });
            journal.Add(evaluation with { SnapshotSha256 = snapshot.Sha256 });
        }

        if (end is { } outcome)
        {
            journal.Ended(outcome, 400);
        }

        await journal.ShipAsync();
        Assert.Equal(end is null ? RunState.Running : RunState.Completed, (await world.SummaryAsync(run)).State);
        return (run, files);
    }
}
