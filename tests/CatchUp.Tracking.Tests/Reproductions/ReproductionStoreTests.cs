using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Reproductions;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;
using CatchUp.Tracking.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Tests.Reproductions;

public sealed class ReproductionStoreTests
{
    [Theory, OnBothDatabases]
    public async Task Run_is_queued_again_with_its_stored_specification_to_the_byte(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        await journal.Begun().Losses(1, 3).Ended(AttemptOutcome.Completed, 3).ShipAsync();

        // As an older version wrote it: without keys that there are now, and in another order.
        const string Old = """{ "seed":7 , "data":{"dataset":"synthetic"},"training":{"iterations":40} }""";
        await world.ExecuteAsync($"UPDATE runs SET specification = '{Old}', seed = 7, steps = 40 WHERE id = {run}");

        var outcome = await world.Get<ReproductionStore>().QueueAsync(run, Guid.NewGuid(), "ada", TestWorld.Cancellation);

        Assert.Equal(CommandResult.Accepted, outcome.Outcome.Result);
        var queued = await world.ReadAsync(context => context.Runs.SingleAsync(candidate => candidate.Id == outcome.Run, TestWorld.Cancellation));
        Assert.Equal((Old, run, RunState.Queued, 7, 40, "Reproduce sweep-0"), (queued.Specification, queued.ReproducesRunId, queued.State, queued.Seed, queued.Steps, queued.Name));
        var sweep = await world.ReadAsync(context => context.Sweeps.SingleAsync(candidate => candidate.Id == queued.SweepId, TestWorld.Cancellation));
        Assert.Equal(("ada", 1, "tests"), (sweep.Owner, sweep.Trials, sweep.Project));
        Assert.True(new SweepPlanner().Check(sweep.Document).IsValid, sweep.Document);
        var details = (await world.Runs.FindAsync(run, TestWorld.Cancellation))!;
        Assert.Equal([queued.Id], details.Reproductions);
        Assert.Equal(run, (await world.SummaryAsync(queued.Id)).ReproducesRunId);
        Assert.Contains(await world.Runs.EventsAsync(queued.Id, TestWorld.Cancellation), entry => entry.Cause == $"Queued to reproduce run {run}.");
        Assert.Contains(await world.Runs.EventsAsync(run, TestWorld.Cancellation), entry => entry.Cause.StartsWith($"Queued once more as run {queued.Id}", StringComparison.Ordinal));
        var assigned = await world.ClaimAsync();
        Assert.Equal((queued.Id, 7, 40), (assigned!.RunId, assigned.Specification.Seed, assigned.Specification.Training.Iterations));
    }

    [Theory, OnBothDatabases]
    public async Task Same_request_again_queues_nothing_more(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(2);
        var (store, request) = (world.Get<ReproductionStore>(), Guid.NewGuid());

        var first = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => store.QueueAsync(runs[0], request, null, TestWorld.Cancellation)));
        var again = await store.QueueAsync(runs[0], request, null, TestWorld.Cancellation);
        var other = await store.QueueAsync(runs[1], request, null, TestWorld.Cancellation);

        Assert.Single(first.Select(outcome => outcome.Run).Distinct());
        Assert.Equal((true, first[0].Run), (again.AlreadyKnown, again.Run));
        Assert.Equal((CommandResult.Refused, null), (other.Outcome.Result, other.Run));
        Assert.Equal(3, await world.ReadAsync(context => context.Runs.CountAsync(TestWorld.Cancellation)));
        Assert.Equal(CommandResult.Refused, (await store.QueueAsync(runs[0], Guid.Empty, null, TestWorld.Cancellation)).Outcome.Result);
        Assert.Equal(CommandResult.NotFound, (await store.QueueAsync(999, Guid.NewGuid(), null, TestWorld.Cancellation)).Outcome.Result);
        Assert.Null(await store.LookAsync(999, TestWorld.Cancellation));
    }

    [Theory, OnBothDatabases]
    public async Task Student_starts_from_the_very_snapshot_that_it_started_from_though_its_parent_has_a_newer_one(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (parent, teacher) = await world.RunningAsync();
        var (first, second) = (await world.StoreArtifactAsync([1]), await world.StoreArtifactAsync([2]));
        await teacher.Begun().Losses(1, 6).Checkpoint(6, first.Sha256, type: CheckpointKind.Snapshot).Ended(AttemptOutcome.Completed, 6).ShipAsync();
        var student = (await world.PlanAsync("student", new RunSpecification { Data = new() { Dataset = "synthetic" }, InitialRun = new() { Run = $"{parent}" } }))[0];
        Assert.Equal(first.Sha256, (await world.ClaimAsync())!.Initial!.Sha256);
        await new Journal(world, student, 1).Begun().Losses(1, 2).Ended(AttemptOutcome.Completed, 2).ShipAsync();
        await world.ExecuteAsync($"INSERT INTO checkpoints (run_id, type, step, sha256, bytes, at, removed, pinned) VALUES ({parent}, 'Snapshot', 9, '{second.Sha256}', 1, 0, {(kind == DatabaseKind.Sqlite ? "0, 0" : "false, false")})");

        var outcome = await world.Get<ReproductionStore>().QueueAsync(student, Guid.NewGuid(), null, TestWorld.Cancellation);
        var assigned = await world.ClaimAsync();

        Assert.Equal(outcome.Run, assigned!.RunId);
        Assert.Equal((parent, 6, first.Sha256), (assigned.Initial!.Run, assigned.Initial.Step, assigned.Initial.Sha256));
        Assert.Equal(($"{parent}", 6), (assigned.Specification.InitialRun.Run, assigned.Specification.InitialRun.Step));
    }

    [Theory, OnBothDatabases]
    public async Task Run_that_cannot_be_made_again_is_refused_with_what_to_do_instead(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (parent, teacher) = await world.RunningAsync();
        var snapshot = await world.StoreArtifactAsync([1]);
        await teacher.Begun().Losses(1, 6).Checkpoint(6, snapshot.Sha256, type: CheckpointKind.Snapshot).Ended(AttemptOutcome.Completed, 6).ShipAsync();
        var specification = new RunSpecification { Data = new() { Dataset = "synthetic" }, InitialRun = new() { Run = $"{parent}" } };
        var student = (await world.PlanAsync("student", specification))[0];
        await world.ClaimAsync();
        await new Journal(world, student, 1).Begun().Losses(1, 2).Ended(AttemptOutcome.Completed, 2).ShipAsync();
        var evaluation = (await world.PlanAsync("evaluation", specification with { Kind = RunKind.Evaluate }))[0];
        var store = world.Get<ReproductionStore>();

        Assert.Null((await store.LookAsync(student, TestWorld.Cancellation))!.Refusal);
        Assert.Contains($"Reproduce that run", (await store.LookAsync(evaluation, TestWorld.Cancellation))!.Refusal, StringComparison.Ordinal);
        await world.ExecuteAsync($"DELETE FROM checkpoints WHERE run_id = {parent}");
        Assert.Contains($"the snapshot of step 6 of run {parent}, which is not stored any more", (await store.LookAsync(student, TestWorld.Cancellation))!.Refusal, StringComparison.Ordinal);
        await world.Runs.CancelAsync(evaluation, TestWorld.Cancellation);
        await world.Runs.DeleteAsync([parent], TestWorld.Cancellation);
        var refused = await store.QueueAsync(student, Guid.NewGuid(), null, TestWorld.Cancellation);
        Assert.Equal((CommandResult.Refused, null), (refused.Outcome.Result, refused.Run));
        Assert.Contains($"started from run {parent}, which is deleted", refused.Outcome.Message, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task What_speaks_against_the_same_bits_is_said_beforehand(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var store = world.Get<ReproductionStore>();
        var (run, journal) = await world.RunningAsync();
        await journal.Begun(("threads", "4")).Losses(1, 3).ShipAsync();

        var running = (await store.LookAsync(run, TestWorld.Cancellation))!;
        Assert.Contains(running.Notes, note => note.Contains("is running and has not ended", StringComparison.Ordinal));
        Assert.Contains(running.Notes, note => note.Contains("No worker that is connected", StringComparison.Ordinal));

        await journal.Ended(AttemptOutcome.Failed, 3, "It broke.").ShipAsync();
        await BeatAsync(world, new WorkerCapabilities { Datasets = ["synthetic"], Threads = 2, Commit = new string('1', 40), PatchSha256 = new string('9', 64) });
        var failed = (await store.LookAsync(run, TestWorld.Cancellation))!;
        Assert.Contains(failed.Notes, note => note.Contains("is failed at step 3", StringComparison.Ordinal));
        Assert.Contains($"Other threads: run {run} had 4, and connected workers have 2.", failed.Notes);
        Assert.Contains($"Other changes over the commit: run {run} had none, and connected workers have 9999999999.", failed.Notes);
        Assert.DoesNotContain(failed.Notes, note => note.StartsWith("Other commit", StringComparison.Ordinal) || note.StartsWith("Other device", StringComparison.Ordinal));

        // The data were read with another hash since.
        var (other, later) = await world.RunningAsync();
        await later.Begun(("dataset_sha256", new string('e', 64)), ("commit", null)).Losses(1, 3).Ended(AttemptOutcome.Completed, 3).ShipAsync();
        Assert.Contains($"The data set synthetic has changed: run {run} read dddddddddd, and run {other}, the last one with it, eeeeeeeeee.", (await store.LookAsync(run, TestWorld.Cancellation))!.Notes);
        Assert.Contains((await store.LookAsync(other, TestWorld.Cancellation))!.Notes, note => note.Contains("did not record the commit", StringComparison.Ordinal));
    }

    [Theory, OnBothDatabases]
    public async Task Nothing_is_said_when_nothing_speaks_against_the_same_bits(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        await journal.Begun().Losses(1, 3).Ended(AttemptOutcome.Completed, 3).ShipAsync();
        await BeatAsync(world, new WorkerCapabilities { Datasets = ["synthetic"], Threads = 2, Commit = new string('1', 40) });

        Assert.Empty((await world.Get<ReproductionStore>().LookAsync(run, TestWorld.Cancellation))!.Notes);
    }

    [Theory, OnBothDatabases]
    public async Task Patch_of_a_trainer_is_kept_once_for_all_its_runs(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var sha256 = new string('9', 64);
        for (var turn = 0; turn < 2; turn++)
        {
            var (_, journal) = await world.RunningAsync();
            await journal.Add(new AttemptStarted { Environment = new Dictionary<string, string> { ["patch_sha256"] = sha256 }, SourcePatch = "--- a/x\n+++ b/x\n+\0new\n" }).Ended(AttemptOutcome.Completed, 1).ShipAsync();
        }

        Assert.Equal("--- a/x\n+++ b/x\n+\uFFFDnew\n", await world.Get<Sources.SourcePatchStore>().FindAsync(sha256, TestWorld.Cancellation));
        Assert.Null(await world.Get<Sources.SourcePatchStore>().FindAsync(new string('8', 64), TestWorld.Cancellation));
        Assert.Equal(1, await world.ReadAsync(context => context.SourcePatches.CountAsync(TestWorld.Cancellation)));
    }

    private static Task<HeartbeatAnswer> BeatAsync(TestWorld world, WorkerCapabilities capabilities) => world.Get<Tracking.Workers.Heartbeats>().ReceiveAsync(
        new Heartbeat { Worker = "test-worker", Incarnation = world.Incarnation, Version = "1", Slots = [new SlotStatus { Capabilities = capabilities }] }, TestWorld.Cancellation);
}
