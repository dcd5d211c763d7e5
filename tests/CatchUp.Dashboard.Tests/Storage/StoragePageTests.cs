using System.Security.Cryptography;
using Bunit;
using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Journal;
using CatchUp.Dashboard.Runs;
using CatchUp.Dashboard.Storage;
using CatchUp.Dashboard.Tests.Support;
using CatchUp.Tracking.Retention;
using CatchUp.Tracking.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Dashboard.Tests.Storage;

public sealed class StoragePageTests
{
    [Fact]
    public async Task Page_without_files_says_when_there_will_be_some()
    {
        await using var world = await PageWorld.CreateAsync();

        var page = world.Open<StoragePage>("/storage");

        page.WaitForAssertion(() => Assert.Contains("No files are stored yet.", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_says_where_the_disk_goes_what_would_be_freed_and_what_could_not_be_measured_again()
    {
        await using var world = await PageWorld.CreateAsync();
        await TrainedAsync(world);

        var page = world.Open<StoragePage>("/storage");

        page.WaitForAssertion(() => Assert.Contains("would free 1 checkpoint or snapshot of 1 run, 3 B", string.Join(' ', page.Find("section.panel p").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal));
        Assert.Contains("1 evaluation stays but could not be made again", page.Find("details summary").TextContent, StringComparison.Ordinal);
        var row = page.Find("table.data tbody tr").TextContent;
        Assert.Contains("kept", row, StringComparison.Ordinal);
        Assert.Contains("last 1", row, StringComparison.Ordinal);

        await world.Services.GetRequiredService<RetentionStore>().ApplyAsync(PageWorld.Cancellation);
        var after = world.Open<StoragePage>("/storage");
        after.WaitForAssertion(() => Assert.Contains("Retention has nothing to free", after.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Checkpoint_is_pinned_and_unpinned_on_its_runs_tab()
    {
        await using var world = await PageWorld.CreateAsync();
        var run = await TrainedAsync(world);
        var summary = (await world.Services.GetRequiredService<RunStore>().FindAsync(run, PageWorld.Cancellation))!.Summary;
        var tab = world.Open<RunCheckpoints>($"/runs/{run}", parameters => parameters.Add(checkpoints => checkpoints.Run, summary));

        tab.WaitForElement("button[aria-label='Pin the snapshot of step 100']");
        await tab.InvokeAsync(() => tab.Find("button[aria-label='Pin the snapshot of step 100']").Click());
        tab.WaitForAssertion(() => Assert.Equal("true", tab.Find("button[aria-label='Pin the snapshot of step 100']").GetAttribute("aria-pressed")));
        Assert.Equal(0, (await world.Services.GetRequiredService<RetentionStore>().LookAsync(PageWorld.Cancellation)).Plan.Checkpoints);

        await tab.InvokeAsync(() => tab.Find("button[aria-label='Pin the snapshot of step 100']").Click());
        tab.WaitForAssertion(() => Assert.Equal("false", tab.Find("button[aria-label='Pin the snapshot of step 100']").GetAttribute("aria-pressed")));
        Assert.Equal(1, (await world.Services.GetRequiredService<RetentionStore>().LookAsync(PageWorld.Cancellation)).Plan.Checkpoints);
    }

    /// <summary>A completed run with two snapshots, of which its sweep keeps the last.</summary>
    private static async Task<long> TrainedAsync(PageWorld world)
    {
        await world.SubmitAsync("name: kept\nbase: { preset: fashion-tiny }\nretention: { last: 1, best: 0 }\n");
        var run = await world.ClaimAsync();
        var (old, last) = (await StoreAsync(world, [1, 2, 3]), await StoreAsync(world, [1, 2, 3, 4]));
        await world.ShipAsync(
            run,
            new CheckpointSaved { Type = CheckpointKind.Snapshot, Step = 100, File = "a", Sha256 = old, Bytes = 3 },
            PageWorld.Fid(12, step: 100) with { SnapshotSha256 = old },
            new CheckpointSaved { Type = CheckpointKind.Snapshot, Step = 200, File = "b", Sha256 = last, Bytes = 4 },
            new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 200 });
        return run.RunId;
    }

    private static async Task<string> StoreAsync(PageWorld world, byte[] content)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, content, PageWorld.Cancellation);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        await world.Services.GetRequiredService<ArtifactDirectory>().StoreAsync(file, sha256, keepsReserve: false, PageWorld.Cancellation);
        File.Delete(file);
        return sha256;
    }
}
