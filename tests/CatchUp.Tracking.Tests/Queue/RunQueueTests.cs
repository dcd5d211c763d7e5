using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Tests.Support;
using MassTransit.Testing;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Tests.Queue;

public sealed class RunQueueTests
{
    [Theory, OnBothDatabases]
    public async Task Claim_by_eight_at_once_gives_each_run_once(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(40);

        var claimed = await Task.WhenAll(Enumerable.Range(0, 8).Select(claimer => Task.Run(async () =>
        {
            var mine = new List<long>();
            for (var i = 0; await world.ClaimAsync(world.Request((claimer * 1000) + i)) is { } assigned; i++)
            {
                mine.Add(assigned.RunId);
            }

            return mine;
        })));

        Assert.Equal(runs.Order(), claimed.SelectMany(mine => mine).Order());
    }

    [Theory, OnBothDatabases]
    public async Task Claim_by_many_at_once_never_exceeds_the_sweeps_limit(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.QueueAsync(20, maxParallel: 3);

        var claimed = await Task.WhenAll(Enumerable.Range(0, 12).Select(slot => Task.Run(() => world.ClaimAsync(world.Request(slot)))));

        Assert.Equal(3, claimed.Count(assigned => assigned is not null));
    }

    [Theory, OnBothDatabases]
    public async Task Claim_same_request_again_gets_the_same_answer(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.QueueAsync(3);
        var request = world.Request();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => world.ClaimAsync(request))));

        Assert.Single(answers.Select(answer => (answer!.RunId, answer.Attempt)).Distinct());
        Assert.Equal(1, await world.ReadAsync(context => context.Attempts.CountAsync(TestWorld.Cancellation)));
        Assert.Equal(1, await world.ReadAsync(context => context.Runs.CountAsync(run => run.State == RunState.Running, TestWorld.Cancellation)));
    }

    [Theory, OnBothDatabases]
    public async Task Claim_same_request_again_of_a_server_that_stored_whole_answers_gets_that_answer(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.QueueAsync(2);
        var request = world.Request();
        var assigned = await world.ClaimAsync(request);
        await world.ReadAsync(async context =>
        {
            await context.Attempts.ExecuteUpdateAsync(attempt => attempt.SetProperty(a => a.Assignment, JsonSerializer.Serialize(assigned, ContractJson.Options)), TestWorld.Cancellation);
            return 0;
        });

        var again = await world.ClaimAsync(request);

        Assert.Equal(JsonSerializer.Serialize(assigned, ContractJson.Options), JsonSerializer.Serialize(again, ContractJson.Options));
    }

    [Theory, OnBothDatabases]
    public async Task Claim_by_fifty_at_the_same_moment_is_answered_fairly_and_each_attempt_is_stored_whole(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var large = await world.QueueAsync(60, "large");
        var small = await world.QueueAsync(3, "small");
        var limited = await world.QueueAsync(20, "limited", maxParallel: 5);
        var requests = Enumerable.Range(0, 50)
            .Select(slot => world.Request(slot) with { Worker = $"worker-{slot}", Incarnation = Guid.NewGuid(), Capabilities = new WorkerCapabilities { Datasets = ["synthetic"], Device = slot % 2 == 0 ? "cpu" : "cuda:0" } })
            .ToList();

        var assigned = await Task.WhenAll(requests.Select(request => Task.Run(() => world.ClaimAsync(request))));

        Assert.Equal([.. large.Take(42), .. small, .. limited.Take(5)], assigned.Select(one => one!.RunId).Order());
        var attempts = await world.ReadAsync(context => context.Attempts.ToDictionaryAsync(attempt => attempt.RequestId, TestWorld.Cancellation));
        var history = await world.ReadAsync(context => context.RunEvents.Where(entry => entry.ToState == RunState.Running).ToDictionaryAsync(entry => entry.RunId, TestWorld.Cancellation));
        foreach (var (request, run) in requests.Zip(assigned, (request, one) => (request, one!)))
        {
            var attempt = attempts[request.RequestId];
            Assert.Equal((run.RunId, 1, request.Worker, request.Incarnation, request.Slot), (attempt.RunId, attempt.Number, attempt.Worker, attempt.Incarnation, attempt.Slot));
            Assert.Equal((request.Slot % 2 == 0 ? "cpu" : "cuda", true, 0L, 0, 0.0), (attempt.Device, attempt.Live, attempt.Position, attempt.FromStep, attempt.TrainingSeconds));
            Assert.True(attempt.LeaseExpiresAt > attempt.AssignedAt && attempt.Outcome is null && attempt.EndedAt is null);
            Assert.Equal(($"Attempt 1 was given to {request.Worker}, slot {request.Slot}.", RunState.Queued, 1), (history[run.RunId].Cause, history[run.RunId].FromState!.Value, history[run.RunId].Attempt));
            Assert.Equal((int)(run.RunId - (large.Contains(run.RunId) ? large[0] : small.Contains(run.RunId) ? small[0] : limited[0])), run.Specification.Seed);
        }
    }

    [Theory, OnBothDatabases]
    public async Task Claim_by_many_at_once_after_sweeps_have_come_and_gone_still_finds_every_run(DatabaseKind kind)
    {
        // How much of each sweep is read at first is guessed from the look before.
        await using var world = await TestWorld.CreateAsync(kind);
        await world.QueueAsync(2, "first");
        Assert.NotNull(await world.ClaimAsync());
        var many = new List<long>();
        for (var sweep = 0; sweep < 12; sweep++)
        {
            many.AddRange(await world.QueueAsync(sweep == 0 ? 40 : 1, $"sweep-{sweep}"));
        }

        var assigned = await Task.WhenAll(Enumerable.Range(1, 52).Select(slot => Task.Run(() => world.ClaimAsync(world.Request(slot)))));

        Assert.Equal(52, assigned.Select(one => one!.RunId).Distinct().Count());
        Assert.Subset(assigned.Select(one => one!.RunId).ToHashSet(), many.ToHashSet());
    }

    [Theory, OnBothDatabases]
    public async Task Claim_for_a_slot_that_holds_an_attempt_gives_nothing(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.QueueAsync(3);
        Assert.NotNull(await world.ClaimAsync());

        var answer = await world.Get<RunQueue>().ClaimAsync(world.Request(), TestWorld.Cancellation);

        Assert.Null(answer.Assigned);
        Assert.Contains("still holds", answer.Reason, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Live_attempt_second_in_one_slot_or_of_one_run_is_refused_by_the_database(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.QueueAsync(2);
        var assigned = await world.ClaimAsync();
        const string Columns = "run_id, number, worker, incarnation, slot, request_id, assignment, lease_expires_at, live, position, from_step, last_step, assigned_at, ended_by_journal, log_head_bytes, log_tail_bytes";

        var sameRun = await Record.ExceptionAsync(() => world.ExecuteAsync(
            $"INSERT INTO attempts ({Columns}) SELECT run_id, number + 1, worker, '{Guid.NewGuid().ToString().ToUpperInvariant()}', 7, '{Guid.NewGuid().ToString().ToUpperInvariant()}', assignment, 0, live, 0, 0, 0, 0, FALSE, 0, 0 FROM attempts"));
        var sameSlot = await Record.ExceptionAsync(() => world.ExecuteAsync(
            $"INSERT INTO attempts ({Columns}) SELECT run_id + 1, number, worker, incarnation, slot, '{Guid.NewGuid().ToString().ToUpperInvariant()}', assignment, 0, live, 0, 0, 0, 0, FALSE, 0, 0 FROM attempts"));

        Assert.NotNull(assigned);
        Assert.Contains("UNIQUE", sameRun!.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("UNIQUE", sameSlot!.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory, OnBothDatabases]
    public async Task Claim_takes_highest_priority_then_the_sweep_with_fewest_running_then_the_oldest(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var large = await world.QueueAsync(3, "large");
        var small = await world.QueueAsync(1, "small");
        var urgent = await world.QueueAsync(1, "urgent", priority: 5);

        var order = new List<long>();
        for (var slot = 0; slot < 5; slot++)
        {
            order.Add((await world.ClaimAsync(world.Request(slot)))!.RunId);
        }

        Assert.Equal([urgent[0], large[0], small[0], large[1], large[2]], order);
    }

    [Theory, OnBothDatabases]
    public async Task Claim_passes_over_paused_sweeps_and_data_sets_the_worker_lacks(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.QueueAsync(1, "paused", change: sweep => sweep.Paused = true);
        await world.QueueAsync(1, "cifar", dataset: "cifar10");
        Assert.Null(await world.ClaimAsync());

        var fitting = await world.QueueAsync(1, "fitting");
        Assert.Equal(fitting[0], (await world.ClaimAsync())!.RunId);
        Assert.Null(await world.ClaimAsync(world.Request(1)));
    }

    [Theory, OnBothDatabases]
    public async Task Claim_records_the_state_change_and_the_attempt(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, _) = await world.RunningAsync();

        var history = await world.Runs.EventsAsync(run, TestWorld.Cancellation);
        Assert.Equal((RunState.Queued, RunState.Running, 1), (history[^1].From!.Value, history[^1].To, history[^1].Attempt));
        var details = await world.Runs.FindAsync(run, TestWorld.Cancellation);
        Assert.Equal(("test-worker", 0), (details!.Attempts.Single().Worker, details.Attempts.Single().Slot));
        Assert.True(await world.Bus.Published.Any<RunChanged>(news => news.Context.Message.RunId == run && news.Context.Message.StateChanged, TestWorld.Cancellation));
    }

    [Theory, OnBothDatabases]
    public async Task Request_over_the_bus_is_answered(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync();
        var client = world.Bus.GetRequestClient<RequestRun>();

        var assigned = await client.GetResponse<RunAssigned, NothingToDo>(world.Request(), TestWorld.Cancellation);
        var nothing = await client.GetResponse<RunAssigned, NothingToDo>(world.Request(1), TestWorld.Cancellation);

        Assert.True(assigned.Is<RunAssigned>(out var answer));
        Assert.Equal((runs[0], 1, 20.0), (answer.Message.RunId, answer.Message.Attempt, answer.Message.LeaseSeconds));
        Assert.Equal("synthetic", answer.Message.Specification.Data.Dataset);
        Assert.True(nothing.Is<NothingToDo>(out _));
    }

    [Theory, OnBothDatabases]
    public async Task Claim_after_a_loss_goes_on_from_the_newest_checkpoint_whose_file_is_stored(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        var (older, olderBytes) = await world.StoreArtifactAsync([1, 2, 3]);
        var (grid, _) = await world.StoreArtifactAsync([9, 9]);
        journal.Started().Losses(1, 5).Checkpoint(5, older, olderBytes).Evaluation(5, 44, gate: 100).Evaluation(5, 30).Samples(5, grid)
            .Losses(6, 8).Checkpoint(8, new string('b', 64)).Losses(9, 10).Evaluation(8, 20).Samples(8, new string('c', 64))
            .Ended(AttemptOutcome.Lost, 10, "Killed.");
        await journal.ShipAsync();

        var again = await world.ClaimAsync();

        Assert.Equal((run, 2), (again!.RunId, again.Attempt));
        Assert.Equal(new CheckpointReference(5, older, olderBytes), again.Checkpoint);
        Assert.Equal([new StoredResult("euler", 4, 1, "fid", 100), new StoredResult("euler", 4, 1, "fid")], again.Evaluations);
        Assert.Equal([new StoredResult("euler", 8, 1)], again.Samples);
        var summary = await world.SummaryAsync(run);
        Assert.Equal((5, 1.0 / 5), (summary.Step, summary.LastLoss));
        Assert.Contains((await world.Runs.EventsAsync(run, TestWorld.Cancellation)), entry => entry.Cause == "rewound 10 → 5");
        Assert.Equal([5], (await world.Runs.CheckpointsAsync(run, TestWorld.Cancellation)).Select(checkpoint => checkpoint.Step));
        Assert.True(world.Artifacts.Contains(grid));
    }

    [Theory, OnBothDatabases]
    public async Task Claim_after_a_loss_without_any_stored_checkpoint_begins_again_with_nothing_left(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        await journal.Started().Points(0, ("start", 1)).Losses(1, 20).Checkpoint(10, new string('b', 64)).Ended(AttemptOutcome.Lost).ShipAsync();

        var again = await world.ClaimAsync();

        Assert.Null(again!.Checkpoint);
        Assert.Equal(0, (await world.SummaryAsync(run)).Step);
        Assert.Equal(0, await world.ReadAsync(context => context.Points.CountAsync(TestWorld.Cancellation)));
        Assert.Equal(0, await world.ReadAsync(context => context.Buckets.CountAsync(TestWorld.Cancellation)));
    }

    [Theory, OnBothDatabases]
    public async Task Claim_after_a_pause_at_a_checkpoint_removes_nothing(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        var (file, bytes) = await world.StoreArtifactAsync([1]);
        await journal.Started().Losses(1, 7).Checkpoint(7, file, bytes).Ended(AttemptOutcome.Paused, 7).ShipAsync();
        Assert.Equal(RunState.Paused, (await world.SummaryAsync(run)).State);
        await world.Runs.ResumeAsync(run, TestWorld.Cancellation);

        var again = await world.ClaimAsync();

        Assert.Equal(7, again!.Checkpoint!.Step);
        Assert.Equal(7, await world.ReadAsync(context => context.Points.CountAsync(TestWorld.Cancellation)));
        Assert.DoesNotContain(await world.Runs.EventsAsync(run, TestWorld.Cancellation), entry => entry.Cause.Contains("rewound", StringComparison.Ordinal));
    }
}
