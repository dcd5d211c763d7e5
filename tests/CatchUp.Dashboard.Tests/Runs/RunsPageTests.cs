using Bunit;
using CatchUp.Dashboard.Runs;
using CatchUp.Dashboard.Tests.Support;

namespace CatchUp.Dashboard.Tests.Runs;

public sealed class RunsPageTests
{
    private const string File = "name: rates\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: [1e-4, 1e-3, 1e-2] }\n";

    [Fact]
    public async Task List_without_runs_says_what_to_do()
    {
        await using var world = await PageWorld.CreateAsync();

        var page = world.Open<RunsPage>("/runs");

        page.WaitForAssertion(() => Assert.Contains("No run has been made yet.", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_keeps_filters_order_and_selection_in_its_address()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        var running = await world.ClaimAsync();
        var page = world.Open<RunsPage>("/runs?state=queued");
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tr.run-row[data-run]").Count));
        Assert.DoesNotContain(running.RunId, page.FindAll("tr.run-row[data-run]").Select(row => long.Parse(row.GetAttribute("data-run")!, System.Globalization.CultureInfo.InvariantCulture)));

        await page.InvokeAsync(() => page.FindAll("th button.sort")[0].Click());
        await page.InvokeAsync(() => page.FindAll("td.cell-select input")[0].Change(true));
        page.WaitForAssertion(() => Assert.Contains("selected=", world.Address, StringComparison.Ordinal));
        await page.InvokeAsync(() => page.FindAll("td.cell-select input")[1].Change(true));

        page.WaitForAssertion(() => Assert.Contains("2 selected", page.Markup, StringComparison.Ordinal));
        Assert.StartsWith("runs?state=queued&sort=name&selected=", world.Address, StringComparison.Ordinal);
        Assert.StartsWith("/compare?runs=", page.FindAll(".selection-bar a").Single(link => link.TextContent.Contains("Compare", StringComparison.Ordinal)).GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_that_filters_everything_away_offers_to_show_all()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);

        var page = world.Open<RunsPage>("/runs?q=nothing-is-called-so");
        page.WaitForAssertion(() => Assert.Contains("No run matches", page.Markup, StringComparison.Ordinal));
        await page.InvokeAsync(() => page.FindAll("button").Single(button => button.TextContent.Contains("Show all runs", StringComparison.Ordinal)).Click());

        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll("tr.run-row[data-run]").Count));
    }

    [Fact]
    public async Task Keys_move_select_and_compare()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        var page = world.Open<RunsPage>("/runs");
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll("tr.run-row[data-run]").Count));
        var table = page.FindComponent<RunTable>();

        foreach (var key in new[] { "j", "x", "j", "x" })
        {
            await table.InvokeAsync(() => table.Instance.KeyAsync(key));
        }

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tr.run-row.selected").Count));
        await table.InvokeAsync(() => table.Instance.KeyAsync("c"));
        Assert.StartsWith("compare?runs=", world.Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paused_runs_of_a_selection_are_counted_and_the_others_named()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        var page = world.Open<RunsPage>("/runs?selected=1,2,999");
        page.WaitForAssertion(() => Assert.Contains("3 selected", page.Markup, StringComparison.Ordinal));

        await page.InvokeAsync(() => page.FindAll(".selection-bar button").Single(button => button.TextContent.Contains("Pause", StringComparison.Ordinal)).Click());

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tr.run-row .state-paused.state-chip").Count), TimeSpan.FromSeconds(15));
    }
}
