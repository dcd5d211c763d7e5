using Bunit;
using CatchUp.Contracts.Journal;
using CatchUp.Dashboard.Nights;
using CatchUp.Dashboard.Tests.Support;
using CatchUp.Tracking.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Dashboard.Tests.Nights;

public sealed class NightPageTests
{
    private const string File = "name: orders\nbase: { preset: fashion-tiny }\nreplicates: 3\n";

    [Fact]
    public async Task Night_without_anything_says_what_to_do()
    {
        await using var world = await PageWorld.CreateAsync();

        var page = world.Open<NightPage>("/digest");

        page.WaitForAssertion(() => Assert.Contains("Nothing ran in this time, and nothing waits.", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Night_shows_what_failed_with_its_advice_and_what_waits()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        await world.ShipAsync(await world.ClaimAsync(), new AttemptEnded { Outcome = AttemptOutcome.Failed, Failure = FailureKind.OutOfMemory, Cause = "The memory was not enough." });

        var page = world.Open<NightPage>("/digest");

        page.WaitForAssertion(() => Assert.Contains("Out of memory", page.Find(".night-failures").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(30));
        Assert.Contains("batchSize", page.Find(".night-failures").TextContent, StringComparison.Ordinal);
        Assert.Contains("2 runs", page.Find(".night-waiting").TextContent, StringComparison.Ordinal);
        Assert.Contains("nothing measured", page.Find("table.data").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Night_shows_the_best_value_with_its_protocol()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        await world.ShipAsync(await world.ClaimAsync(), PageWorld.Fid(31.25), new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 300 });
        await world.ShipAsync(await world.ClaimAsync(), PageWorld.Fid(28.5), new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 300 });

        // The journal of a test is of 1970, so the night found nothing better than there was.
        var page = world.Open<NightPage>("/digest");

        page.WaitForAssertion(() => Assert.Contains("28.5 ± 0.3", page.Find("table.data").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(30));
        Assert.Contains("fashion-mnist-cnn-2", page.Find(".protocol").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_run_can_be_retried_from_its_own_page()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        var assigned = await world.ClaimAsync();
        await world.ShipAsync(assigned, new AttemptEnded { Outcome = AttemptOutcome.Failed, Cause = "It broke." });

        var page = world.Open<Dashboard.Runs.RunPage>($"/runs/{assigned.RunId}", run => run.Add(p => p.Id, assigned.RunId));

        page.WaitForAssertion(() => Assert.Single(page.FindAll("button"), button => button.TextContent.Trim() == "Retry"), TimeSpan.FromSeconds(30));
        Assert.Equal(CommandResult.Accepted, (await world.Services.GetRequiredService<RunStore>().RetryAsync(assigned.RunId, fromZero: true, PageWorld.Cancellation)).Result);
        page.WaitForAssertion(() => Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.Trim() == "Retry"), TimeSpan.FromSeconds(30));
    }
}
