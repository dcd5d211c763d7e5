using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Samples;
using CatchUp.Tracking.Tests.Support;
using MassTransit.Testing;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Tests.Ingest;

public sealed class JournalIngestTests
{
    [Theory, OnBothDatabases]
    public async Task Ship_batch_twice_overlapping_or_behind_a_gap_stores_each_entry_once(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        journal.Started().Losses(1, 20);
        var entries = journal.Entries;

        Assert.Equal(5, (await world.ShipAsync(run, 1, entries.Take(5).ToList())).Position);
        Assert.Equal(5, (await world.ShipAsync(run, 1, entries.Take(5).ToList())).Position);
        Assert.Equal(8, (await world.ShipAsync(run, 1, entries.Skip(2).Take(6).ToList())).Position);
        Assert.Equal(8, (await world.ShipAsync(run, 1, entries.Skip(10).ToList())).Position);
        Assert.Equal(8, (await world.ShipAsync(run, 1)).Position);
        Assert.Equal(10, (await world.ShipAsync(run, 1, [.. entries.Skip(8).Take(2), .. entries.Skip(15)])).Position);
        Assert.Equal(21, (await world.ShipAsync(run, 1, entries)).Position);

        var points = await world.ReadAsync(context => context.Points.OrderBy(point => point.Step).ToListAsync(TestWorld.Cancellation));
        Assert.Equal(Enumerable.Range(1, 20).Select(step => ((long)step, (double?)(1.0 / step))), points.Select(point => (point.Step, point.Value)));
        var top = await world.ReadAsync(context => context.Buckets.SingleAsync(bucket => bucket.Level == Rollup.Levels, TestWorld.Cancellation));
        Assert.Equal((20, 1.0, 1.0 / 20), (top.Count, top.Maximum, top.Minimum));
        var summary = await world.SummaryAsync(run);
        Assert.Equal((20, 1.0 / 20), (summary.Step, summary.LastLoss));
    }

    [Theory, OnBothDatabases]
    public async Task Ship_same_batches_from_several_senders_at_once_stores_each_entry_once(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        journal.Started().Losses(1, 100);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(sender => Task.Run(async () =>
        {
            for (var position = 0L; position < journal.Entries.Count;)
            {
                position = (await world.ShipAsync(run, 1, journal.Entries.Skip((int)position).Take(7 + sender).ToList())).Position;
            }
        })));

        Assert.Equal(100, await world.ReadAsync(context => context.Points.CountAsync(TestWorld.Cancellation)));
        Assert.Equal(100, await world.ReadAsync(context => context.Buckets.Where(bucket => bucket.Level == Rollup.Lowest).SumAsync(bucket => bucket.Count, TestWorld.Cancellation)));
    }

    [Theory, OnBothDatabases]
    public async Task Ship_of_an_unknown_attempt_is_superseded(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        Assert.NotNull((await world.ShipAsync(4711, 1, new LogWritten { Number = 1, Text = "?" })).Superseded);
    }

    [Theory, OnBothDatabases]
    public async Task Ship_values_that_are_not_finite_keeps_them_apart(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        journal.Started().Points(1, ("loss", 2)).Points(2, ("loss", double.NaN)).Points(3, ("loss", double.PositiveInfinity)).Points(4, ("loss", double.NegativeInfinity)).Points(5, ("loss", 3));
        await world.ShipAsync(run, 1, journal.Entries);

        var stored = await world.ReadAsync(context => context.Points.OrderBy(point => point.Step).Select(point => new { point.Value, point.Kind }).ToListAsync(TestWorld.Cancellation));
        Assert.Equal([PointKind.Finite, PointKind.NotANumber, PointKind.PositiveInfinity, PointKind.NegativeInfinity, PointKind.Finite], stored.Select(point => point.Kind));
        Assert.Equal([2.0, null, null, null, 3.0], stored.Select(point => point.Value));
        var metric = Assert.Single(await world.Get<MetricStore>().SummariesAsync(run, TestWorld.Cancellation));
        Assert.Equal(new MetricSummary("loss", "step", 5, 3, 3, 2, 3), metric);
        Assert.Equal(3, (await world.SummaryAsync(run)).LastLoss);
    }

    [Theory, OnBothDatabases]
    public async Task Ship_metric_names_that_cannot_be_stored_are_dropped_with_a_warning_and_the_journal_goes_on(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        journal.Started()
            .Points(1, (new string('m', 10_000), 1), ("with\nbreak", 2), ("nul\0", 3), ("", 4), ("system/mine", 5), ("loss", 6), ("<script>alert(1)</script>", 7))
            .Points(-3, ("loss", 1))
            .Line("a nul \0 in a line")
            .Samples(1, "not a hash")
            .Checkpoint(1, "../../etc/passwd")
            .Losses(2, 3);

        Assert.Equal(journal.Entries.Count, (await journal.ShipAsync()).Position);

        Assert.Equal(["<script>alert(1)</script>", "loss"], (await world.Get<MetricStore>().SummariesAsync(run, TestWorld.Cancellation)).Select(metric => metric.Name));
        var log = await world.Runs.LogAsync(run, 0, 100, TestWorld.Cancellation);
        Assert.Contains(log, line => line.Level == LogLevelName.Warning && line.Text.Contains("10,000 characters", StringComparison.Ordinal) && line.Text.Length < 300);
        Assert.Contains(log, line => line.Text.Contains("a nul \uFFFD in a line", StringComparison.Ordinal));
        Assert.Contains(log, line => line.Text.Contains("negative step -3", StringComparison.Ordinal));
        Assert.Empty(await world.Runs.CheckpointsAsync(run, TestWorld.Cancellation));
    }

    [Theory, OnBothDatabases]
    public async Task Ship_batch_beyond_the_limit_is_stored_in_part_and_goes_on(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        world.Options.MaximumBatchValues = 10;
        var (_, journal) = await world.RunningAsync();
        journal.Started().Losses(1, 30);
        var answers = new List<long>();
        do
        {
            answers.Add((await journal.ShipAsync()).Position);
        }
        while (answers[^1] < journal.Entries.Count);

        Assert.True(answers.Count > 4);
        Assert.Equal(30, await world.ReadAsync(context => context.Points.CountAsync(TestWorld.Cancellation)));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Ship_the_same_step_of_a_metric_twice_keeps_the_first_and_counts_it_once(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        await journal.Points(1, ("loss", 1)).Points(1, ("loss", 9)).ShipAsync();
        await journal.Points(1, ("loss", 99)).ShipAsync();
        Assert.Equal(new MetricSummary("loss", "step", 1, 0, 1, 1, 1), Assert.Single(await world.Get<MetricStore>().SummariesAsync(run, TestWorld.Cancellation)));
    }

    [Theory, OnBothDatabases]
    public async Task Started_fills_in_what_the_run_is_made_of(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        await journal.Started().Losses(1, 4).ShipAsync();

        var details = await world.Runs.FindAsync(run, TestWorld.Cancellation);
        Assert.Equal(1234, details!.ParameterCount);
        Assert.Equal("cpu", details.Environment["device"]);
        Assert.Equal(4.0 / 4, details.Summary.StepsPerSecond);
        Assert.Equal(TimeSpan.FromSeconds(996), details.Summary.Remaining);
        Assert.Equal(world.Time.GetUtcNow(), details.Summary.StartedAt);
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task Ended_moves_the_run(DatabaseKind kind, AttemptOutcome outcome, RunState expected)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        var answer = await journal.Started().Losses(1, 2).Ended(outcome, 2, "For a reason.").ShipAsync();

        var summary = await world.SummaryAsync(run);
        Assert.Equal(expected, summary.State);
        var last = (await world.Runs.EventsAsync(run, TestWorld.Cancellation))[^1];
        Assert.Equal((RunState.Running, expected, 1), (last.From!.Value, last.To, last.Attempt));
        Assert.Contains("For a reason.", last.Cause, StringComparison.Ordinal);

        // The answer was lost, so the worker asks once more.
        Assert.Equal(answer, await world.ShipAsync(run, 1, journal.Entries));
        Assert.True(await world.Bus.Published.Any<RunChanged>(news => news.Context.Message is { StateChanged: true, DataArrived: true }, TestWorld.Cancellation));
        Assert.Equal(OrderKind.Abandon, (await world.BeatAsync(run, 1)).Orders.Single().Order);
    }

    public static TheoryData<DatabaseKind, AttemptOutcome, RunState> Endings()
    {
        var data = new TheoryData<DatabaseKind, AttemptOutcome, RunState>();
        foreach (var kind in Enum.GetValues<DatabaseKind>())
        {
            data.Add(kind, AttemptOutcome.Completed, RunState.Completed);
            data.Add(kind, AttemptOutcome.Paused, RunState.Paused);
            data.Add(kind, AttemptOutcome.Cancelled, RunState.Cancelled);
            data.Add(kind, AttemptOutcome.Failed, RunState.Failed);
            data.Add(kind, AttemptOutcome.Lost, RunState.Queued);
        }

        return data;
    }

    [Theory, OnBothDatabases]
    public async Task Evaluation_of_the_same_identity_is_stored_once_and_a_different_value_is_noted(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        await journal.Started().Evaluation(10, 30).Evaluation(10, 30).Evaluation(10, 31).Evaluation(10, 32, samples: 1000).Evaluation(10, 33, snapshot: 'b').Evaluation(10, double.NaN, nfe: 1).ShipAsync();

        var stored = await world.Get<EvaluationStore>().ListAsync(run, TestWorld.Cancellation);
        Assert.Equal([double.NaN, 30, 32, 33], stored.Select(evaluation => evaluation.Value));
        Assert.Equal(stored[1].Fingerprint, stored[3].Fingerprint);
        Assert.NotEqual(stored[1].Fingerprint, stored[2].Fingerprint);
        Assert.Equal("fashion-mnist-cnn-2 · 500 samples · vs fashion-mnist train", stored[1].Protocol);
        var warning = Assert.Single(await world.Runs.LogAsync(run, 0, 10, TestWorld.Cancellation));
        Assert.Contains("31", warning.Text, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task News_tells_of_evaluations_apart_from_other_data(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        await journal.Started().Losses(1, 2).ShipAsync();
        Assert.True(await world.Bus.Published.Any<RunChanged>(news => news.Context.Message is { DataArrived: true }, TestWorld.Cancellation));
        Assert.DoesNotContain(world.Bus.Published.Select<RunChanged>(TestWorld.Cancellation), news => news.Context.Message.Evaluated);

        await journal.Evaluation(2, 30).ShipAsync();

        Assert.True(await world.Bus.Published.Any<RunChanged>(news => news.Context.Message is { Evaluated: true } change && change.RunId == run, TestWorld.Cancellation));
    }

    [Theory, OnBothDatabases]
    public async Task Evaluation_at_a_gate_has_a_fingerprint_of_its_own(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        await journal.Started().Evaluation(10, 31, gate: 500).Evaluation(10, 30, gate: 200).Evaluation(10, 30, gate: 200).Evaluation(10, 30).Evaluation(10, 30, samples: 200).ShipAsync();

        var stored = await world.Get<EvaluationStore>().ListAsync(run, TestWorld.Cancellation);
        Assert.Equal([(500, 500, 31.0), (200, 200, 30), (500, 0, 30), (200, 0, 30)], stored.Select(evaluation => (evaluation.Samples, evaluation.Gate, evaluation.Value)));
        Assert.Equal(4, stored.Select(evaluation => evaluation.Fingerprint).Distinct().Count());
        Assert.Equal("fashion-mnist-cnn-2 · 200 samples · vs fashion-mnist train · gate", stored[1].Protocol);
        Assert.Empty(await world.Runs.LogAsync(run, 0, 10, TestWorld.Cancellation));
    }

    [Theory, OnBothDatabases]
    public async Task Evaluation_best_by_the_sweeps_objective_is_shown_and_sorted_by(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(3, change: sweep => (sweep.ObjectiveMetric, sweep.ObjectiveSolver, sweep.ObjectiveNfe, sweep.ObjectiveHead, sweep.ObjectiveGoal)
            = ("fid", "euler", 4, 1, Tracking.Sweeps.SweepGoal.Minimize));
        await world.ClaimAsync(world.Request(0));
        await world.ClaimAsync(world.Request(1));
        await new Support.Journal(world, runs[0], 1).Evaluation(10, 50).Evaluation(20, 40).Evaluation(30, 45).Evaluation(30, 1, nfe: 8).Evaluation(30, 2, gate: 100).ShipAsync();
        await new Support.Journal(world, runs[1], 1).Evaluation(10, 30).ShipAsync();

        var page = await world.Runs.ListAsync(new RunQuery { Sort = RunTerm.Named("best"), Descending = false }, TestWorld.Cancellation);

        Assert.Equal([30.0, 40.0, null], page.Items.Select(run => run.Best?.Value));
    }

    [Theory, OnBothDatabases]
    public async Task Samples_of_the_same_identity_are_stored_once(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        var (first, bytes) = await world.StoreArtifactAsync([1, 2, 3]);
        var (second, _) = await world.StoreArtifactAsync([4, 5, 6]);
        await journal.Samples(5, first, bytes: bytes).Samples(5, first).Samples(5, second).Samples(5, first, nfe: 1).ShipAsync();

        var grids = await world.Get<SampleStore>().ListAsync(run, TestWorld.Cancellation);
        Assert.Equal([(1, first), (8, first)], grids.Select(grid => (grid.Nfe, grid.Sha256)));
        await using var png = (await world.Get<SampleStore>().OpenAsync(run, grids[0].Id, beside: null, TestWorld.Cancellation))?.Png;
        Assert.Equal(3, png!.Length);
        Assert.Null(await world.Get<SampleStore>().OpenAsync(run + 1, grids[0].Id, beside: null, TestWorld.Cancellation));
        Assert.False(world.Artifacts.Contains(second));
    }

    [Theory, OnBothDatabases]
    public async Task Checkpoint_dropped_by_the_trainer_stays_until_a_newer_ones_file_has_arrived(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        var (old, bytes) = await world.StoreArtifactAsync([1]);
        await journal.Checkpoint(10, old, bytes).Checkpoint(20, new string('b', 64)).Add(new CheckpointRemoved { Step = 10, Sha256 = old }).ShipAsync();
        Assert.True(world.Artifacts.Contains(old));
        Assert.Equal([20], (await world.Runs.CheckpointsAsync(run, TestWorld.Cancellation)).Select(checkpoint => checkpoint.Step));

        var (newer, _) = await world.StoreArtifactAsync([3]);
        await journal.Checkpoint(30, newer).ShipAsync();

        Assert.False(world.Artifacts.Contains(old));
        Assert.Equal([(20, false), (30, true)], (await world.Runs.CheckpointsAsync(run, TestWorld.Cancellation)).Select(checkpoint => (checkpoint.Step, checkpoint.Stored)));
    }

    [Theory, OnBothDatabases]
    public async Task Log_beyond_its_room_loses_its_middle(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        world.Options.MaximumLogBytes = 4000;
        var (run, journal) = await world.RunningAsync();
        for (var batch = 0; batch < 20; batch++)
        {
            for (var line = 0; line < 20; line++)
            {
                journal.Line($"line {(batch * 20) + line:0000} {new string('x', 40)}");
            }

            await journal.ShipAsync();
        }

        var log = await world.Runs.LogAsync(run, 0, 1000, TestWorld.Cancellation);
        Assert.StartsWith("line 0000", log[0].Text, StringComparison.Ordinal);
        Assert.StartsWith("line 0399", log[^1].Text, StringComparison.Ordinal);
        Assert.InRange(log.Sum(line => line.Text.Length), 3000, 4600);
        Assert.Single(log, line => line.Level == LogLevelName.Warning);
        Assert.Equal(log.Select(line => line.Id).Order(), log.Select(line => line.Id));
        Assert.Equal(["line 0398", "line 0399"], (await world.Runs.LogAsync(run, 0, 2, TestWorld.Cancellation)).Select(line => line.Text[..9]));
        Assert.Empty(await world.Runs.LogAsync(run, log[^1].Id, 2, TestWorld.Cancellation));
    }

    [Theory, OnBothDatabases]
    public async Task Ship_request_over_the_bus_is_answered_with_the_position(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        journal.Started().Losses(1, 3).Line("x").Evaluation(3, 1);
        var client = world.Bus.GetRequestClient<ShipJournal>();

        var stored = await client.GetResponse<JournalStored, AttemptSuperseded>(new ShipJournal { RunId = run, Attempt = 1, Entries = journal.Entries }, TestWorld.Cancellation);
        var superseded = await client.GetResponse<JournalStored, AttemptSuperseded>(new ShipJournal { RunId = run, Attempt = 2, Entries = journal.Entries }, TestWorld.Cancellation);

        Assert.True(stored.Is<JournalStored>(out var answer));
        Assert.Equal(6, answer.Message.Position);
        Assert.True(superseded.Is<AttemptSuperseded>(out _));
        Assert.Equal(3, await world.ReadAsync(context => context.Points.CountAsync(TestWorld.Cancellation)));
    }
}
