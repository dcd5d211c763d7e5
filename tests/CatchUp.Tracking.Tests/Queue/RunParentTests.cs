using System.Text.Json;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Sweeps;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Tests.Support;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Tests.Queue;

/// <summary>Runs that need another run's weights.</summary>
public sealed class RunParentTests
{
    private const string Child = "name: child\nbase: { data: { dataset: synthetic }, initialRun: { run: PARENT } }";

    [Theory, OnBothDatabases]
    public async Task A_run_waits_in_words_until_its_parent_has_completed_and_gets_its_last_snapshot(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (parent, journal) = await world.RunningAsync();
        var child = await SubmitAsync(world, Child, parent);
        Assert.Null(await world.ClaimAsync(world.Request(1)));
        await world.BeatAsync(null, null);
        Assert.Contains($"starts from run {parent}", (await world.SummaryAsync(child)).Cause, StringComparison.Ordinal);

        var (early, late) = (await world.StoreArtifactAsync([1]), await world.StoreArtifactAsync([2]));
        journal.Started().Losses(1, 10).Checkpoint(5, early.Sha256, 1, CheckpointKind.Snapshot).Checkpoint(10, late.Sha256, 1, CheckpointKind.Snapshot);
        await world.ShipAsync(parent, 1, journal.Entries);
        Assert.Null(await world.ClaimAsync(world.Request(1)));
        journal.Add(new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 10 });
        await world.ShipAsync(parent, 1, journal.Entries);

        var request = world.Request(1);
        var assigned = await world.ClaimAsync(request);

        Assert.Equal(child, assigned!.RunId);
        Assert.Equal(JsonSerializer.Serialize(assigned), JsonSerializer.Serialize(await world.ClaimAsync(request)));
        Assert.Equal((parent, 10, late.Sha256), (assigned.Initial!.Run, assigned.Initial.Step, assigned.Initial.Sha256));
        Assert.Equal("synthetic", assigned.Initial.Specification.Data.Dataset);
        Assert.Equal(($"{parent}", 10), (assigned.Specification.InitialRun.Run, assigned.Specification.InitialRun.Step));
    }

    [Theory, OnBothDatabases]
    public async Task A_run_whose_parents_snapshot_is_still_on_its_way_lets_others_pass(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (parent, journal) = await world.RunningAsync();
        var child = await SubmitAsync(world, Child, parent);
        journal.Started().Checkpoint(10, new string('b', 64), 1, CheckpointKind.Snapshot).Add(new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 10 });
        await world.ShipAsync(parent, 1, journal.Entries);
        var later = (await world.QueueAsync())[0];

        Assert.Equal(later, (await world.ClaimAsync(world.Request(1)))!.RunId);
        var waiting = await world.ReadAsync(context => context.Runs.FirstAsync(run => run.Id == child, TestWorld.Cancellation));
        Assert.Equal((RunState.Queued, 0), (waiting.State, waiting.Attempt));
    }

    [Theory, OnBothDatabases]
    public async Task A_step_without_a_snapshot_is_told_and_refused_once_it_cannot_come(DatabaseKind kind)
    {
        const string Step = "name: child\nbase: { data: { dataset: synthetic }, initialRun: { run: PARENT, step: 7 } }";
        await using var world = await TestWorld.CreateAsync(kind);
        var (parent, journal) = await world.RunningAsync();
        var child = await SubmitAsync(world, Step, parent);
        var snapshot = await world.StoreArtifactAsync([4]);
        journal.Started().Checkpoint(10, snapshot.Sha256, 1, CheckpointKind.Snapshot).Add(new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 10 });
        await world.ShipAsync(parent, 1, journal.Entries);

        Assert.Null(await world.ClaimAsync(world.Request(1)));
        Assert.Contains("completed without a snapshot of step 7", (await world.SummaryAsync(child)).Cause, StringComparison.Ordinal);
        var answer = await world.Bus.GetRequestClient<SubmitSweep>().GetResponse<SweepAccepted, SweepRefused>(
            new SubmitSweep { RequestId = Guid.NewGuid(), Document = Step.Replace("PARENT", $"{parent}", StringComparison.Ordinal) }, TestWorld.Cancellation);
        Assert.True(answer.Is(out Response<SweepRefused>? refused));
        Assert.Contains("no snapshot of step 7", refused.Message.Problems[0].Message, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task The_results_of_an_evaluation_join_those_of_the_run_it_evaluates(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (parent, journal) = await world.RunningAsync();
        var snapshot = await world.StoreArtifactAsync([3]);
        journal.Started().Checkpoint(10, snapshot.Sha256, 1, CheckpointKind.Snapshot).Evaluation(10, 20.5, nfe: 4, samples: 40).Add(new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 10 });
        await world.ShipAsync(parent, 1, journal.Entries);
        var run = await SubmitAsync(world, "name: again\nbase: { kind: evaluate, initialRun: { run: PARENT, step: 10 } }\nevaluation: { nfe: [4, 7], samples: 40 }", parent);

        var assigned = await world.ClaimAsync(world.Request(1));
        Assert.Equal((run, RunKind.Evaluate), (assigned!.RunId, assigned.Specification.Kind));
        Assert.Equal([new StoredResult("euler", 4, 1, "fid")], assigned.Evaluations);
        var second = new Journal(world, run, assigned.Attempt).Started(10).Evaluation(10, 18.25, nfe: 7, samples: 40).Add(new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 10 });
        await world.ShipAsync(run, assigned.Attempt, second.Entries);

        Assert.Equal([(parent, 4, 20.5), (parent, 7, 18.25)], await world.ReadAsync(async context =>
            (await context.Evaluations.OrderBy(e => e.Nfe).ToListAsync(TestWorld.Cancellation)).ConvertAll(e => (e.RunId, e.Nfe, e.Value!.Value))));
        var summary = await world.SummaryAsync(run);
        Assert.Equal((RunState.Completed, $"Evaluated run {parent} at step 10."), (summary.State, summary.Cause));
    }

    [Theory, OnBothDatabases]
    public async Task A_parent_of_an_unfinished_run_is_not_deleted(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (parent, journal) = await world.RunningAsync();
        var child = await SubmitAsync(world, Child, parent);
        journal.Started().Add(new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 10 });
        await world.ShipAsync(parent, 1, journal.Entries);

        var refused = await world.Runs.DeleteAsync([parent], TestWorld.Cancellation);
        Assert.Equal(CommandResult.Refused, refused.Outcome.Result);
        Assert.Contains("starts from a run that would go", refused.Outcome.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await world.Runs.DeleteAsync([parent, child], TestWorld.Cancellation)).Freed.Runs);
    }

    /// <summary>Submits a sweep of one run, and tells its id.</summary>
    private static async Task<long> SubmitAsync(TestWorld world, string document, long parent)
    {
        var answer = await world.Bus.GetRequestClient<SubmitSweep>().GetResponse<SweepAccepted, SweepRefused>(
            new SubmitSweep { RequestId = Guid.NewGuid(), Document = document.Replace("PARENT", $"{parent}", StringComparison.Ordinal) }, TestWorld.Cancellation);
        Assert.True(answer.Is(out Response<SweepAccepted>? accepted), $"{(answer.Message as SweepRefused)?.Problems[0]}");
        return await world.ReadAsync(context => context.Runs.Where(run => run.SweepId == accepted.Message.SweepId).Select(run => run.Id).SingleAsync(TestWorld.Cancellation));
    }
}
