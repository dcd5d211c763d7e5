using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Workers;

namespace CatchUp.Worker.Tests.Slots;

/// <summary>Whole attempts: a real process as trainer, a real journal, a real bus.</summary>
public sealed class AttemptTests : IDisposable
{
    private const int Limit = 60_000;

    private readonly TestFolder folder = new();
    private readonly TestCoordinator coordinator = new();

    public void Dispose() => folder.Dispose();

    [Fact(Timeout = Limit)]
    public async Task A_completed_attempt_is_stored_in_order_with_its_files_and_its_directory_goes()
    {
        // The trainer removes its first checkpoint at once: whether its upload came before that is chance, but none may come after it was told.
        bool? stored = null;
        TestWorker? started = null;
        coordinator.BeforeStoring = batch =>
        {
            stored ??= batch.Entries.OfType<CheckpointRemoved>().Select(removed => (bool?)started!.Artifacts.Contains(removed.Sha256)).FirstOrDefault();
            return Task.CompletedTask;
        };
        await using var worker = started = await TestWorker.StartAsync(folder, coordinator);
        coordinator.Queue(7, "complete");

        var end = await coordinator.EndOfAsync(7);

        var entries = coordinator.Stored(7);
        Assert.Equal(AttemptOutcome.Completed, end.Outcome);
        Assert.Equal(Enumerable.Range(1, entries.Count).Select(number => (long)number), entries.Select(entry => entry.Number));
        Assert.Equal([1.5, 2.5, 3.5, 4.5, 5.5], entries.OfType<PointsLogged>().Select(points => points.Values["loss"]));
        Assert.All(entries.OfType<PointsLogged>(), points => Assert.True(double.IsNaN(points.Values["gradient"])));
        Assert.True(worker.Artifacts.Contains(Assert.Single(entries.OfType<SamplesSaved>()).Sha256));
        await Until.TrueAsync(() => !Directory.EnumerateDirectories(worker.Attempts).Any());
        var removed = Assert.Single(entries.OfType<CheckpointRemoved>()).Sha256;
        Assert.All(entries.OfType<CheckpointSaved>(), checkpoint => Assert.Equal(checkpoint.Sha256 != removed || stored == true, worker.Artifacts.Contains(checkpoint.Sha256)));
        Assert.NotNull(stored);
    }

    [Fact(Timeout = Limit)]
    public async Task A_sample_is_stored_before_its_entry_is_shipped()
    {
        var there = new List<bool>();
        TestWorker? worker = null;
        coordinator.BeforeStoring = batch =>
        {
            there.AddRange(batch.Entries.OfType<SamplesSaved>().SelectMany(samples => new[] { samples.Sha256, samples.Neighbours!.Sha256, samples.Trajectory!.Sha256 }).Select(worker!.Artifacts.Contains));
            return Task.CompletedTask;
        };
        await using (worker = await TestWorker.StartAsync(folder, coordinator))
        {
            coordinator.Queue(7, "complete");
            await coordinator.EndOfAsync(7);
        }

        Assert.Equal([true, true, true], there); // the grid and the pictures beside it
    }

    [Fact(Timeout = Limit)]
    public async Task The_trainer_is_told_its_threads_and_how_long_to_spin()
    {
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, "complete"));
        await coordinator.EndOfAsync(7);

        var started = Assert.IsType<AttemptStarted>(coordinator.Stored(7)[0]);
        Assert.Equal("3", started.Environment["threads"]);
        Assert.Equal("1000", started.Environment["spin"]);
    }

    [Fact(Timeout = Limit)]
    public async Task The_trainer_gives_way_to_what_must_be_quick()
    {
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, "gives-way"));
        await coordinator.EndOfAsync(7);

        Assert.Equal("10", Assert.IsType<AttemptStarted>(coordinator.Stored(7)[0]).Environment["nice"]);
    }

    [Fact(Timeout = Limit)]
    public async Task The_trainer_is_told_where_data_sets_are_and_whether_it_may_fetch_them()
    {
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, "complete"), options => (options.DataDirectory, options.DownloadDatasets) = (folder.Of("data"), true));
        await coordinator.EndOfAsync(7);

        var started = Assert.IsType<AttemptStarted>(coordinator.Stored(7)[0]);
        Assert.Equal((folder.Of("data"), "1"), (started.Environment["data"], started.Environment["download"]));
    }

    [Fact(Timeout = Limit)]
    public async Task A_long_journal_goes_in_batches_of_at_most_a_thousand_points()
    {
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, "many"));
        await coordinator.EndOfAsync(7);

        Assert.Equal(2600, coordinator.Stored(7).OfType<PointsLogged>().Count());
        Assert.All(coordinator.Batches, batch => Assert.InRange(batch.Entries.OfType<PointsLogged>().Sum(points => points.Values.Count), 0, 1000));
    }

    [Fact(Timeout = Limit)]
    public async Task A_crashed_trainer_is_reported_with_its_signal_and_last_lines_and_its_torn_line_is_dropped()
    {
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, "crash"));

        var end = await coordinator.EndOfAsync(7);

        Assert.Equal(AttemptOutcome.Lost, end.Outcome);
        Assert.Equal("The trainer crashed (segmentation fault, exit 139). Last lines: about to crash", end.Cause);
        Assert.Equal((139, 3, 5L), (end.ExitCode, end.Step, end.Number));
    }

    [Theory(Timeout = Limit)]
    [InlineData("bad-input", AttemptOutcome.Failed, "optimizer.learningRate is -1; it must lie between 0 and 1.")]
    [InlineData("out-of-memory", AttemptOutcome.Failed, "The memory was not enough: DefaultCPUAllocator")]
    [InlineData("disk-full", AttemptOutcome.Failed, "The disk was full: No space left on device")]
    [InlineData("silent", AttemptOutcome.Failed, "The trainer left without saying how its run ended.")]
    [InlineData("failed", AttemptOutcome.Failed, "The loss was not finite.")]
    public async Task A_trainer_that_cannot_go_on_fails_its_run_in_words(string behaviour, AttemptOutcome outcome, string cause)
    {
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, behaviour));

        var end = await coordinator.EndOfAsync(7);

        Assert.Equal(outcome, end.Outcome);
        Assert.StartsWith(cause, end.Cause, StringComparison.Ordinal);
    }

    [Fact(Timeout = Limit)]
    public async Task A_trainer_that_writes_megabytes_to_its_outputs_is_not_stopped_by_them()
    {
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, "chatty"));

        Assert.Equal(AttemptOutcome.Completed, (await coordinator.EndOfAsync(7)).Outcome);
    }

    [Fact(Timeout = Limit)]
    public async Task A_trainer_that_cannot_be_started_fails_its_run_in_words()
    {
        var noProgram = folder.Of("no-program");
        await File.WriteAllTextAsync(noProgram, "not executable", TestContext.Current.CancellationToken);
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, "complete"), options => options.Trainer = noProgram);

        var end = await coordinator.EndOfAsync(7);

        Assert.Equal(AttemptOutcome.Failed, end.Outcome);
        Assert.Contains("could not be started", end.Cause, StringComparison.Ordinal);
    }

    [Theory(Timeout = Limit)]
    [InlineData(OrderKind.Pause, AttemptOutcome.Paused)]
    [InlineData(OrderKind.Cancel, AttemptOutcome.Cancelled)]
    public async Task An_order_in_a_heartbeats_answer_reaches_the_trainer(OrderKind order, AttemptOutcome outcome)
    {
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, "obedient"));
        coordinator.Orders[(7, 1)] = order;

        Assert.Equal(outcome, (await coordinator.EndOfAsync(7)).Outcome);
    }

    [Fact(Timeout = Limit)]
    public async Task A_paused_attempts_checkpoint_is_stored_before_its_end()
    {
        bool? there = null;
        TestWorker? worker = null;
        coordinator.BeforeStoring = batch =>
        {
            if (batch.Entries is [.., AttemptEnded])
            {
                there ??= worker!.Artifacts.Contains(coordinator.Stored(7).Concat(batch.Entries).OfType<CheckpointSaved>().Single().Sha256);
            }

            return Task.CompletedTask;
        };
        await using (worker = await TestWorker.StartAsync(folder, coordinator))
        {
            coordinator.Orders[(7, 1)] = OrderKind.Pause;
            coordinator.Queue(7, "obedient");
            await coordinator.EndOfAsync(7);
        }

        Assert.True(there);
    }

    [Fact(Timeout = Limit)]
    public async Task A_nudge_is_obeyed_only_when_it_names_this_incarnation()
    {
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, "obedient"), options => options.HeartbeatInterval = TimeSpan.FromHours(1));
        await Until.TrueAsync(() => coordinator.Stored(7).Count == 4);
        var incarnation = coordinator.Requests.First().Incarnation;

        await worker.Bus.Publish(new AttemptOrder { RunId = 7, Attempt = 1, Incarnation = Guid.NewGuid(), Order = OrderKind.Cancel }, TestContext.Current.CancellationToken);
        await worker.Bus.Publish(new AttemptOrder { RunId = 7, Attempt = 2, Incarnation = incarnation, Order = OrderKind.Cancel }, TestContext.Current.CancellationToken);
        await worker.Bus.Publish(new AttemptOrder { RunId = 7, Attempt = 1, Incarnation = incarnation, Order = OrderKind.Pause }, TestContext.Current.CancellationToken);

        Assert.Equal(AttemptOutcome.Paused, (await coordinator.EndOfAsync(7)).Outcome);
    }

    [Fact(Timeout = Limit)]
    public async Task A_cancelled_trainer_that_does_not_listen_is_killed_after_the_grace_time()
    {
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, "deaf"), options => options.CancelGrace = TimeSpan.FromMilliseconds(200));
        await Until.TrueAsync(() => coordinator.Stored(7).Count == 4);
        coordinator.Orders[(7, 1)] = OrderKind.Cancel;

        var end = await coordinator.EndOfAsync(7);

        Assert.Equal((AttemptOutcome.Cancelled, 3), (end.Outcome, end.Step));
    }

    [Fact(Timeout = Limit)]
    public async Task An_abandoned_attempt_says_nothing_more_and_its_trainer_and_directory_go()
    {
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, "deaf"));
        await Until.TrueAsync(() => coordinator.Stored(7).Count == 4);
        coordinator.Orders[(7, 1)] = OrderKind.Abandon;

        await Until.TrueAsync(() => !Directory.EnumerateDirectories(worker.Attempts).Any());
        coordinator.Queue(8, "complete");

        await coordinator.EndOfAsync(8);
        Assert.Equal(4, coordinator.Stored(7).Count);
    }

    [Fact(Timeout = Limit)]
    public async Task A_superseded_attempt_is_killed_and_its_slot_works_on()
    {
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, "deaf"));
        await Until.TrueAsync(() => coordinator.Stored(7).Count == 4);
        coordinator.Supersede(7, 1);
        // The trainer has nothing more to say; a line of its own makes the worker ship, and be told.
        await File.AppendAllTextAsync(Path.Combine(worker.Attempts, "7-1", "journal.ndjson"), """{"kind":"log","number":5,"at":"2026-11-23T12:00:00+00:00","level":"warning","text":"x"}""" + "\n", TestContext.Current.CancellationToken);

        await Until.TrueAsync(() => !Directory.EnumerateDirectories(worker.Attempts).Any());
        coordinator.Queue(8, "complete");

        await coordinator.EndOfAsync(8);
    }

    [Fact(Timeout = Limit)]
    public async Task After_a_lost_answer_shipping_goes_on_from_the_stored_position()
    {
        var lost = 0;
        coordinator.AfterStoring = batch => batch.Entries.Count > 0 && Interlocked.Increment(ref lost) is 1 or 3
            ? throw new InvalidOperationException("The answer is lost.")
            : Task.CompletedTask;
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, "many"));

        await coordinator.EndOfAsync(7);

        Assert.True(lost > 3);
        Assert.Equal(Enumerable.Range(1, 2600), coordinator.Stored(7).OfType<PointsLogged>().Select(points => points.Step));
    }

    [Fact(Timeout = Limit)]
    public async Task A_coordinator_that_stores_nothing_for_a_while_loses_nothing()
    {
        var refusals = 0;
        coordinator.BeforeStoring = batch => batch.Entries.Count > 0 && Interlocked.Increment(ref refusals) <= 3
            ? throw new InvalidOperationException("The database is locked.")
            : Task.CompletedTask;
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, "complete"));

        Assert.Equal(AttemptOutcome.Completed, (await coordinator.EndOfAsync(7)).Outcome);
        Assert.True(refusals > 3);
    }

    [Fact(Timeout = Limit)]
    public async Task A_request_whose_answer_is_lost_is_repeated_under_its_id_and_gets_its_run()
    {
        var failures = 0;
        coordinator.AfterClaiming = _ => Interlocked.Increment(ref failures) == 1 ? throw new InvalidOperationException("The answer is lost.") : Task.CompletedTask;
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, "complete"));

        await coordinator.EndOfAsync(7);

        // The free slot asks again shortly after the end is stored.
        await Until.TrueAsync(() => coordinator.Requests.Count >= 3);
        var requests = coordinator.Requests.ToArray();
        Assert.Equal(requests[0].RequestId, requests[1].RequestId);
        Assert.NotEqual(requests[1].RequestId, requests[2].RequestId);
    }

    [Fact(Timeout = Limit)]
    public async Task A_free_slot_asks_at_once_when_runs_are_queued()
    {
        await using var worker = await TestWorker.StartAsync(folder, coordinator, options => options.AskInterval = TimeSpan.FromHours(1));
        await Until.TrueAsync(() => !coordinator.Requests.IsEmpty);
        coordinator.Queue(7, "complete");

        await worker.Bus.Publish(new RunsQueued { Count = 1 }, TestContext.Current.CancellationToken);

        await coordinator.EndOfAsync(7);
    }

    [Fact(Timeout = Limit)]
    public async Task Heartbeats_tell_what_runs_and_how_busy_it_is()
    {
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, "obedient"));
        await Until.TrueAsync(() => coordinator.Heartbeats.Any(beat => beat.Slots[0] is { RunId: 7, Attempt: 1, Phase: "training", System.Count: > 0 }));

        var slot = coordinator.Heartbeats.First(beat => beat.Slots[0].System.Count > 0).Slots[0];
        Assert.True(slot.System[0].Values["system/memory_bytes"] > 0);
        Assert.InRange(slot.System[0].Values["system/cpu_percent"], 0, 100 * Environment.ProcessorCount * 2);
        Assert.Contains("synthetic", slot.Capabilities.Datasets);
        Assert.Equal(3, slot.Capabilities.Threads);
    }

    [Fact(Timeout = Limit)]
    public async Task A_damaged_checkpoint_is_taken_out_of_the_store_and_the_attempt_given_back()
    {
        await using var worker = await TestWorker.StartAsync(folder, coordinator);
        var hash = new string('a', 64);
        Directory.CreateDirectory(Path.GetDirectoryName(worker.Artifacts.PathOf(hash))!);
        await File.WriteAllTextAsync(worker.Artifacts.PathOf(hash), "not these bytes", TestContext.Current.CancellationToken);

        coordinator.Queue(7, "complete", checkpoint: new CheckpointReference(100, hash, 15));

        var end = await coordinator.EndOfAsync(7);
        Assert.Equal((AttemptOutcome.Lost, "The checkpoint at step 100 is damaged or missing; the run goes on from the one before."), (end.Outcome, end.Cause));
        Assert.False(worker.Artifacts.Contains(hash));
    }

    [Theory(Timeout = Limit)]
    [InlineData("obedient")]
    [InlineData("deaf")]
    public async Task A_worker_that_stops_ends_its_trainer_and_says_so(string behaviour)
    {
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, behaviour), options => options.StopGrace = TimeSpan.FromSeconds(1));
        await Until.TrueAsync(() => coordinator.Stored(7).Count == 4);

        await worker.StopAsync();

        var end = Assert.IsType<AttemptEnded>(coordinator.Stored(7)[^1]);
        Assert.Equal((AttemptOutcome.Lost, "The worker was stopped."), (end.Outcome, end.Cause));
        Assert.Empty(Directory.EnumerateDirectories(worker.Attempts));
    }
}
