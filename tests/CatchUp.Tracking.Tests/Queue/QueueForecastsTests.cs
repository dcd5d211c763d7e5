using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Sweeps;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Launching;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Searches;
using CatchUp.Tracking.Sweeps;
using CatchUp.Tracking.Tests.Support;
using CatchUp.Tracking.Workers;

namespace CatchUp.Tracking.Tests.Queue;

public sealed class QueueForecastsTests
{
    private const string Document = "name: line\nbase: { data: { dataset: synthetic }, training: { iterations: 1000 } }\nevaluation: { samples: 0 }\nspace: { optimizer.learningRate: [1e-4, 1e-3, 1e-2] }\n";

    [Theory, OnBothDatabases]
    public async Task Prediction_is_none_before_anything_was_measured_and_rests_on_like_runs_after(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.BeatAsync(null, null);
        var sweep = await SubmitAsync(world, Document);

        var before = await world.Get<QueueStore>().ListAsync(0, 10, TestWorld.Cancellation);
        Assert.All(before.Items, entry => Assert.Equal((null, PredictionBasis.None), (entry.Prediction!.End, entry.Prediction.Basis)));
        Assert.Equal(0, await world.Get<QueueForecasts>().StorePredictionsAsync(TestWorld.Cancellation));

        // A thousand steps in ten minutes.
        var first = await world.ClaimAsync();
        var journal = new Journal(world, first!.RunId, 1).Started().Losses(1, 2);
        await journal.ShipAsync();
        world.Time.Advance(TimeSpan.FromMinutes(10));
        await journal.Ended(AttemptOutcome.Completed, 1000).ShipAsync();

        var after = await world.Get<QueueStore>().ListAsync(0, 10, TestWorld.Cancellation);
        var now = world.Time.GetUtcNow();
        Assert.Equal([now, now.AddMinutes(10)], after.Items.Select(entry => entry.Prediction!.Start));
        Assert.Equal([now.AddMinutes(10), now.AddMinutes(20)], after.Items.Select(entry => entry.Prediction!.End));
        var forecast = await world.Get<QueueForecasts>().SweepAsync(sweep, TestWorld.Cancellation);
        Assert.Equal((2, 0, now.AddMinutes(20), false), (forecast!.Open, forecast.Unknown, forecast.End, forecast.MissesDeadline));
    }

    [Theory, OnBothDatabases]
    public async Task Look_bears_runs_that_are_given_out_while_it_reads(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.QueueAsync(300);

        var claims = Task.Run(async () =>
        {
            for (var slot = 0; await world.ClaimAsync(world.Request(slot)) is not null; slot++)
            {
            }
        }, TestWorld.Cancellation);
        while (!claims.IsCompleted)
        {
            await world.Get<QueueForecasts>().StorePredictionsAsync(TestWorld.Cancellation);
        }

        await claims;
    }

    [Theory, OnBothDatabases]
    public async Task First_prediction_is_kept_to_be_held_against_what_came_of_it(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.BeatAsync(null, null);
        await SubmitAsync(world, Document);
        await CompleteAsync(world, TimeSpan.FromMinutes(10));
        var predicted = world.Time.GetUtcNow().AddMinutes(10);

        Assert.Equal(2, await world.Get<QueueForecasts>().StorePredictionsAsync(TestWorld.Cancellation));
        var second = await CompleteAsync(world, TimeSpan.FromMinutes(25));
        Assert.Equal(0, await world.Get<QueueForecasts>().StorePredictionsAsync(TestWorld.Cancellation));

        var summary = await world.SummaryAsync(second);
        Assert.Equal(predicted, summary.PredictedEnd);
        Assert.Equal(TimeSpan.FromMinutes(15), summary.EndedAt - summary.PredictedEnd);
    }

    [Theory, OnBothDatabases]
    public async Task Evaluations_are_counted_apart_from_steps(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.BeatAsync(null, null);
        await SubmitAsync(world, Document.Replace("samples: 0", "samples: 100, nfe: [4], every: 500", StringComparison.Ordinal));

        // Ten minutes, of which two evaluations took a minute each.
        var first = await world.ClaimAsync();
        var journal = new Journal(world, first!.RunId, 1).Started();
        foreach (var step in new[] { 500, 1000 })
        {
            journal.Add(new EvaluationMade
            {
                Step = step, SnapshotSha256 = new string('a', 64), Solver = "euler", Nfe = 4, Metric = "fid", Value = 10, Samples = 100, Extractor = "x", ExtractorSha256 = new string('e', 64), Reference = "r",
                ReferenceSha256 = new string('f', 64), Quantisation = "8 bit", NoiseBank = 1, SampleSeconds = 40, EvaluateSeconds = 20,
            });
        }

        await journal.ShipAsync();
        world.Time.Advance(TimeSpan.FromMinutes(10));
        await journal.Ended(AttemptOutcome.Completed, 1000).ShipAsync();

        // The same run with 2,000 steps and no evaluations: 16 minutes, not 20.
        var outlook = await world.Get<SweepOutlooks>().LookAsync(
            "name: longer\nproject: default\nbase: { data: { dataset: synthetic }, training: { iterations: 2000 } }\nevaluation: { samples: 0 }\nschedule: { priority: 5, deadline: 2026-03-01T20:20Z }\n", null, TestWorld.Cancellation);
        Assert.Equal(world.Time.GetUtcNow().AddMinutes(16), outlook!.Forecast!.End);
        Assert.True(outlook.Forecast.MissesDeadline);
    }

    [Theory, OnBothDatabases]
    public async Task Submitted_sweep_keeps_its_schedule_and_a_deadline_in_the_past_is_refused(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var sweep = await SubmitAsync(world, Document + "schedule: { window: \"22:00-07:00 Europe/Berlin\", deadline: 2026-12-01T07:00 Europe/Berlin, requires: { labels: [A100], memory: 20GiB } }\n");

        var summary = (await world.Get<SweepStore>().FindAsync(sweep, TestWorld.Cancellation))!.Summary;
        Assert.Equal(("22:00-07:00 Europe/Berlin", new DateTimeOffset(2026, 12, 1, 6, 0, 0, TimeSpan.Zero)), (summary.Window, summary.DeadlineAt));
        Assert.Null(await world.ClaimAsync());
        world.Time.Advance(TimeSpan.FromHours(2));
        Assert.Null(await world.ClaimAsync());
        Assert.NotNull(await world.ClaimAsync(world.Request() with { Capabilities = new WorkerCapabilities { Datasets = ["synthetic"], Labels = ["a100"], MemoryBytes = 30L << 30 } }));

        var (_, refused) = await world.Get<SweepIntake>().SubmitAsync(new SubmitSweep { RequestId = Guid.NewGuid(), Document = Document + "schedule: { deadline: 2020-12-01T07:00Z }\n" }, TestWorld.Cancellation);
        Assert.Contains("has passed", refused!.Problems[0].Message, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Slots_of_a_draining_worker_end_what_they_have_and_begin_nothing(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.BeatAsync(null, null);
        await SubmitAsync(world, Document);
        await CompleteAsync(world, TimeSpan.FromMinutes(10));
        var running = (await world.ClaimAsync())!;
        await new Journal(world, running.RunId, 1).Started().ShipAsync();
        await world.BeatAsync(running.RunId, 1);
        var now = world.Time.GetUtcNow();
        Assert.Equal(now.AddMinutes(10), (await WaitingAsync()).Start);

        await world.Get<WorkerStore>().DrainAsync(world.Incarnation, giveBack: false, TestWorld.Cancellation);
        Assert.Equal((null, null), ((await WaitingAsync()).Start, (await WaitingAsync()).End));
        var look = await world.ReadAsync(context => world.Get<QueueForecasts>().LookAsync(context, null, TestWorld.Cancellation));
        Assert.Equal(now.AddMinutes(10), look.Runs[running.RunId].End);

        // A second worker begins it at once, and does not wait for the drained one.
        await world.Get<Heartbeats>().ReceiveAsync(
            new Heartbeat { Worker = "second", Incarnation = Guid.NewGuid(), Version = "1", Slots = [new SlotStatus { Slot = 0, Capabilities = new WorkerCapabilities { Datasets = ["synthetic"] } }] }, TestWorld.Cancellation);
        Assert.Equal(now, (await WaitingAsync()).Start);

        async Task<RunPrediction> WaitingAsync() => Assert.Single((await world.Get<QueueStore>().ListAsync(0, 10, TestWorld.Cancellation)).Items).Prediction!;
    }

    [Theory, OnBothDatabases]
    public async Task Run_is_predicted_for_no_worker_that_it_is_excluded_from(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.BeatAsync(null, null);
        await SubmitAsync(world, Document);
        await CompleteAsync(world, TimeSpan.FromMinutes(10));
        var now = world.Time.GetUtcNow();
        var before = await world.Get<QueueStore>().ListAsync(0, 10, TestWorld.Cancellation);
        Assert.Equal([now, now.AddMinutes(10)], before.Items.Select(entry => entry.Prediction!.Start));

        await world.ExecuteAsync($"INSERT INTO run_exclusions (run_id, worker, reason, attempt, at) VALUES ({before.Items[0].Run.Id}, 'test-worker', 'It broke.', 1, 1)");

        var after = await world.Get<QueueStore>().ListAsync(0, 10, TestWorld.Cancellation);
        Assert.Equal([before.Items[1].Run.Id, before.Items[0].Run.Id], after.Items.Select(entry => entry.Run.Id));
        Assert.Equal([now, null], after.Items.Select(entry => entry.Prediction!.Start));
    }

    [Theory, OnBothDatabases]
    public async Task Search_ends_when_the_trials_that_are_to_come_have_ended(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);

        // Few enough to be played, and so many that they are not.
        foreach (var trials in new[] { 40, 5000 })
        {
            await world.BeatAsync(null, null);
            var sweep = await SubmitAsync(world, Document.Replace("[1e-4, 1e-3, 1e-2]", "{ logUniform: [1e-4, 1e-2] }", StringComparison.Ordinal) + $"search: {{ method: random, trials: {trials} }}\n");
            await CompleteAsync(world, TimeSpan.FromMinutes(10));
            await world.Get<SearchCoordinator>().AdvanceAsync(sweep, TestWorld.Cancellation);
            await world.BeatAsync(null, null);

            var (forecast, now) = ((await world.Get<QueueForecasts>().SweepAsync(sweep, TestWorld.Cancellation))!, world.Time.GetUtcNow());
            Assert.Equal((trials - 1, 0), (forecast.Open, forecast.Unknown));
            Assert.Equal(0, (forecast.End!.Value - now.AddMinutes(10 * (trials - 1))).TotalSeconds, 0.001);

            await world.Get<SweepStore>().CancelAsync(sweep, TestWorld.Cancellation);
            Assert.Equal(0, (await world.Get<QueueForecasts>().SweepAsync(sweep, TestWorld.Cancellation))!.Open);
        }
    }

    private static async Task<long> SubmitAsync(TestWorld world, string document)
    {
        var (accepted, refused) = await world.Get<SweepIntake>().SubmitAsync(new SubmitSweep { RequestId = Guid.NewGuid(), Document = document }, TestWorld.Cancellation);
        Assert.True(refused is null, refused?.Problems[0].Message);
        return accepted!.SweepId;
    }

    private static async Task<long> CompleteAsync(TestWorld world, TimeSpan length)
    {
        var assigned = (await world.ClaimAsync())!;
        var journal = new Journal(world, assigned.RunId, assigned.Attempt).Started();
        await journal.ShipAsync();
        world.Time.Advance(length);
        await journal.Ended(AttemptOutcome.Completed, 1000).ShipAsync();
        return assigned.RunId;
    }
}
