using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Sweeps;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Launching;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Sweeps;
using CatchUp.Tracking.Tests.Support;
using CatchUp.Tracking.Workers;

namespace CatchUp.Tracking.Tests.Launching;

public sealed class SweepOutlooksTests
{
    private const string Base = "base: { data: { dataset: synthetic }, training: { iterations: 1000 } }\n";

    [Theory, OnBothDatabases]
    public async Task Outlook_says_time_and_disk_from_what_runs_like_these_took(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.BeatAsync(null, null);
        var document = $"name: a\n{Base}evaluation: {{ samples: 0 }}\nspace: {{ optimizer.learningRate: [1e-4, 1e-3, 1e-2] }}\nreplicates: 2\n";
        var before = await LookAsync(world, document);
        Assert.Equal((null, null, PredictionBasis.None), (before.RunLength, before.DeviceTime, before.Basis));
        Assert.True(before.DiskBytes > 0);
        Assert.False(before.DiskIsMeasured);

        await SubmitAsync(world, $"name: once\n{Base}evaluation: {{ samples: 0 }}\n");
        await CompleteAsync(world, TimeSpan.FromMinutes(10));

        var after = await LookAsync(world, document);
        Assert.Equal((TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), false), (after.RunLength, after.DeviceTime, after.OnGraphicsCards));
        Assert.Equal(world.Time.GetUtcNow().AddHours(1), after.Forecast!.End);
        Assert.Null(after.MostSaved);
    }

    [Theory, OnBothDatabases]
    public async Task Sweep_of_a_hundred_thousand_trials_has_an_outlook_without_being_written_out(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.BeatAsync(null, null);
        await SubmitAsync(world, $"name: once\n{Base}evaluation: {{ samples: 0 }}\n");
        await CompleteAsync(world, TimeSpan.FromMinutes(10));

        var outlook = await LookAsync(world, $"name: many\n{Base}evaluation: {{ every: 100, samples: 1000 }}\nspace: {{ optimizer.learningRate: {{ logUniform: [1e-5, 1e-2] }} }}\nsearch: {{ method: tpe, trials: 100000, stopping: {{ reduction: 3 }} }}\n");

        Assert.Null(outlook.Forecast);
        Assert.True(outlook.DeviceTime > TimeSpan.FromHours(10_000));
        Assert.InRange(outlook.MostSaved!.Value, 0.5, 0.95);
        Assert.True(outlook.LeastDeviceTime < outlook.DeviceTime);
    }

    [Theory, OnBothDatabases]
    public async Task Fair_share_counts_the_runs_of_who_would_launch(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.BeatAsync(null, null);
        await SubmitAsync(world, $"name: once\n{Base}evaluation: {{ samples: 0 }}\n");
        await CompleteAsync(world, TimeSpan.FromMinutes(10));

        // Two slots, both with runs of Ada's, which end in ten minutes, and two more sweeps of hers wait.
        await SubmitAsync(world, $"name: ada's\nowner: ada\n{Base}evaluation: {{ samples: 0 }}\nreplicates: 2\n");
        await SubmitAsync(world, $"name: ada's second\nowner: ada\n{Base}evaluation: {{ samples: 0 }}\n");
        await SubmitAsync(world, $"name: ada's third\nowner: ada\n{Base}evaluation: {{ samples: 0 }}\n");
        var slots = new List<SlotStatus>();
        foreach (var slot in new[] { 0, 1 })
        {
            var run = (await world.ClaimAsync(world.Request(slot)))!;
            await new Journal(world, run.RunId, run.Attempt).Started().ShipAsync();
            slots.Add(new SlotStatus { Slot = slot, Capabilities = new WorkerCapabilities { Datasets = ["synthetic"] }, RunId = run.RunId, Attempt = run.Attempt });
            await world.Get<Heartbeats>().ReceiveAsync(new Heartbeat { Worker = "test-worker", Incarnation = world.Incarnation, Version = "1", Slots = slots }, TestWorld.Cancellation);
        }

        var mine = $"name: mine\n{Base}evaluation: {{ samples: 0 }}\n";

        var ada = await LookAsync(world, mine, "ada");
        var grace = await LookAsync(world, mine, "grace");

        Assert.True(grace.Forecast!.End < ada.Forecast!.End, $"grace {grace.Forecast.End}, ada {ada.Forecast.End}");
    }

    [Theory, OnBothDatabases]
    public async Task Sweep_that_tries_the_same_is_found_whatever_it_is_called(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var stored = await SubmitAsync(world, "# mine\nname: first\nbase: { preset: fashion-tiny, training: { iterations: 600 } }\nspace: { optimizer.learningRate: [1e-4, 1e-3] }\n");
        await SubmitAsync(world, "name: other\nbase: { preset: fashion-tiny, training: { iterations: 601 } }\nspace: { optimizer.learningRate: [1e-4, 1e-3] }\n");

        var same = await LookAsync(world, "name: second\nproject: elsewhere\nowner: me\nspace:\n  optimizer.learningRate: [0.0001, 0.001]\nbase:\n  training: { iterations: 600 }\n  preset: fashion-tiny\nschedule: { priority: 3 }\nsearch: { method: grid }\n");
        var longer = await LookAsync(world, "name: first\nbase: { preset: fashion-tiny, training: { iterations: 602 } }\nspace: { optimizer.learningRate: [1e-4, 1e-3] }\n");

        Assert.Equal([(stored, "first")], same.Twins.Select(twin => (twin.Id, twin.Name)));
        Assert.Empty(longer.Twins);
    }

    [Theory]
    [InlineData("schedule: { window: \"01:00-01:05 UTC\" }", "schedule.window", "from its last checkpoint")]
    [InlineData("evaluation: { samples: 20, extractor: fashion-mnist-cnn-2 }", "evaluation.samples", "1,000 or more")]
    [InlineData("evaluation: { samples: 500, extractor: inception-tf }", "evaluation.samples", "10,240 or more")]
    [InlineData("evaluation: { every: 5000, samples: 1000 }", "evaluation.every", "No evaluation comes before the end")]
    [InlineData("evaluation: { samples: 0 }\nreplicates: 2", "evaluation.samples", "Nothing is evaluated")]
    [InlineData("space: { coupling.klWeight: [1, 2] }", "space.coupling.klWeight", "coupling.kind: learned")]
    [InlineData("space: { optimizer.learningRate: { uniform: [1e-6, 1e-2] } }\nsearch: { method: random, trials: 4 }", "space.optimizer.learningRate", "logUniform: [1e-6, 1e-2]")]
    [InlineData("space: { training.batchSize: { integer: [1, 600] }, optimizer.learningRate: [1e-4, 1e-3] }\nsearch: { method: grid }", "space", "A grid of 1,200 runs")]
    [InlineData("schedule: { requires: { labels: [a100] } }", "schedule.requires", "label a100")]
    public async Task What_is_probably_wrong_is_said_with_its_key_and_the_way_out(string file, string key, string words)
    {
        await using var world = await TestWorld.CreateAsync(DatabaseKind.Sqlite);
        await world.BeatAsync(null, null);
        await SubmitAsync(world, $"name: once\n{Base}evaluation: {{ samples: 0 }}\n");
        await CompleteAsync(world, TimeSpan.FromMinutes(10));

        var outlook = await LookAsync(world, $"name: a\n{Base}{file}\n");

        var warning = Assert.Single(outlook.Warnings, warning => warning.Path == key);
        Assert.Contains(words, warning.Message, StringComparison.Ordinal);
        Assert.True(warning.Line > 0);
    }

    [Fact]
    public async Task Batch_that_fits_no_worker_and_data_that_none_has_are_said()
    {
        await using var world = await TestWorld.CreateAsync(DatabaseKind.Sqlite);
        await world.Get<Heartbeats>().ReceiveAsync(
            new Heartbeat { Worker = "small", Incarnation = Guid.NewGuid(), Version = "1", Slots = [new SlotStatus { Slot = 0, Capabilities = new WorkerCapabilities { Device = "cuda:0", MemoryBytes = 8L << 30, Datasets = ["cifar10"] } }] }, TestWorld.Cancellation);

        var batch = await LookAsync(world, "name: a\nbase: { preset: cifar10, training: { batchSize: 1024 } }\n");
        var data = await LookAsync(world, "name: a\nbase: { preset: mnist }\n");
        var fits = await LookAsync(world, "name: a\nbase: { preset: cifar10, training: { batchSize: 8 } }\n");

        Assert.Contains("1,024", Assert.Single(batch.Warnings, warning => warning.Path == "base.training.batchSize").Message, StringComparison.Ordinal);
        Assert.Contains("data set mnist", Assert.Single(data.Warnings, warning => warning.Path == "base.data.dataset").Message, StringComparison.Ordinal);
        Assert.Empty(fits.Warnings);
    }

    [Fact]
    public async Task Sensible_sweep_has_no_warnings()
    {
        await using var world = await TestWorld.CreateAsync(DatabaseKind.Sqlite);
        await world.BeatAsync(null, null);

        var outlook = await LookAsync(world, $"name: a\n{Base}evaluation: {{ every: 500, samples: 2000 }}\nspace: {{ optimizer.learningRate: {{ logUniform: [1e-5, 1e-2] }} }}\nsearch: {{ method: tpe, trials: 20 }}\nschedule: {{ window: \"22:00-07:00 UTC\" }}\n");

        Assert.Empty(outlook.Warnings);
    }

    private static async Task<SweepOutlook> LookAsync(TestWorld world, string document, string? owner = null)
    {
        var plan = world.Get<SweepPlanner>().Plan(document);
        Assert.True(plan.IsValid, string.Join(" ", plan.Problems.Select(problem => problem.Message)));
        return (await world.Get<SweepOutlooks>().LookAsync(document, owner, TestWorld.Cancellation))!;
    }

    private static async Task<long> SubmitAsync(TestWorld world, string document)
    {
        var (accepted, refused) = await world.Get<SweepIntake>().SubmitAsync(new SubmitSweep { RequestId = Guid.NewGuid(), Document = document }, TestWorld.Cancellation);
        Assert.Empty(refused?.Problems ?? []);
        return accepted!.SweepId;
    }

    private static async Task CompleteAsync(TestWorld world, TimeSpan length)
    {
        var run = await world.ClaimAsync();
        var journal = new Journal(world, run!.RunId, run.Attempt).Started().Losses(1, 2);
        await journal.ShipAsync();
        world.Time.Advance(length);
        await journal.Ended(AttemptOutcome.Completed, 1000).ShipAsync();
        await world.BeatAsync(null, null);
    }
}
