using CatchUp.Contracts.Artifacts;
using CatchUp.Journeys.Tests.Platform;

namespace CatchUp.Journeys.Tests;

/// <summary>Trainers and disks that fail.</summary>
public sealed class TrainerJourneys
{
    [Fact]
    public async Task A_trainer_that_crashes_becomes_a_readable_failure()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        using var tools = new TemporaryFolder();
        var trainer = Path.Combine(tools.Path, "crashing-trainer");
        await File.WriteAllTextAsync(trainer, "#!/bin/sh\necho 'Segmentation fault in a kernel' >&2\nexit 139\n", cancellation);
        File.SetUnixFileMode(trainer, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using var platform = new PlatformProcess(home.Path);
        platform.Environment["CATCHUP_TRAINER"] = trainer;
        await platform.StartAsync(cancellation);

        await platform.Api.SubmitAsync("name: crash\nbase: { preset: fashion-tiny, data: { dataset: synthetic } }\n", cancellation);
        var run = Assert.Single(await platform.Api.WaitForEndAsync(TimeSpan.FromMinutes(2), cancellation));

        Assert.Equal("failed", run["state"]!.GetValue<string>());
        var events = await platform.Api.GetAsync($"/api/v1/runs/{run["id"]}/events", cancellation);
        Assert.Contains("139", events.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("Segmentation fault in a kernel", events.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_fails_the_run_with_advice_and_the_server_stays_up()
    {
        var cancellation = TestContext.Current.CancellationToken;
        // Room for the first checkpoints beside what is kept for the database, not for the run.
        using var disk = new SmallDisk(DiskReserve.Bytes + (3 << 20));
        await using var platform = new PlatformProcess(disk.Path);
        await platform.StartAsync(cancellation);
        await platform.Api.SubmitAsync(TinySweep.TwoRuns(iterations: 400, checkpointEvery: 5), cancellation);

        var runs = await platform.Api.WaitForEndAsync(TimeSpan.FromMinutes(3), cancellation);

        Assert.Contains(runs, run => run["state"]!.GetValue<string>() == "failed" && run.ToJsonString().Contains("disk", StringComparison.OrdinalIgnoreCase));
        await platform.Api.GetAsync("/api/v1/workers", cancellation);
    }
}
