using Bunit;
using CatchUp.Dashboard.Tests.Support;
using CatchUp.Dashboard.Workers;

namespace CatchUp.Dashboard.Tests.Workers;

public sealed class WorkersPageTests
{
    [Fact]
    public async Task Worker_is_listed_with_its_slot_data_sets_and_run()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync("name: work\nbase: { preset: fashion-tiny }\n");
        await world.BeatAsync(null);
        var run = await world.ClaimAsync();
        await world.BeatAsync(run);

        var page = world.Open<WorkersPage>("/workers");

        page.WaitForAssertion(() => Assert.Contains(run.Name, page.Find(".slot-run").TextContent, StringComparison.Ordinal));
        var words = page.Find(".worker").TextContent;
        Assert.Contains("test-worker", words, StringComparison.Ordinal);
        Assert.Contains("online", words, StringComparison.Ordinal);
        Assert.Contains("1.2.3", words, StringComparison.Ordinal);
        Assert.Contains("fashion-mnist-10k", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_without_workers_says_what_to_expect()
    {
        await using var world = await PageWorld.CreateAsync();

        var page = world.Open<WorkersPage>("/workers");

        page.WaitForAssertion(() => Assert.Contains("No worker has reported yet.", page.Markup, StringComparison.Ordinal));
    }
}
