using Bunit;
using CatchUp.Dashboard.Runs;
using CatchUp.Dashboard.Tests.Support;
using CatchUp.Tracking.Annotations;
using CatchUp.Tracking.Runs;
using Microsoft.Extensions.DependencyInjection;

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
    public async Task List_shows_the_columns_of_its_address_and_keeps_some_in_sight()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);

        var page = world.Open<RunsPage>("/runs?cols=name,optimizer.learningRate,fid[euler,%20nfe=4],nonsense,state&pin=2&sort=-optimizer.learningRate");

        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll("tr.run-row[data-run]").Count));
        Assert.Equal(["Run", "learningRate↓", "FID @ NFE 4", "State"], page.FindAll("thead th").Skip(1).Select(head => head.TextContent.Trim()));
        Assert.Equal(["0.01", "0.001", "0.0001"], page.FindAll("tr.run-row[data-run]").Select(row => row.QuerySelectorAll("td")[2].TextContent.Trim()));
        Assert.Equal(2, page.FindAll("thead th.pinned").Count);
        Assert.Contains("–", page.FindAll("tr.run-row[data-run]")[0].QuerySelectorAll("td")[3].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_by_a_filter_that_is_none_shows_no_runs_and_says_what_is_wrong()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);

        var page = world.Open<RunsPage>("/runs?q=optimizer.learnigRate%20%3C%201");

        page.WaitForAssertion(() => Assert.Contains("Did you mean optimizer.learningRate?", page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("tr.run-row[data-run]"));
    }

    [Fact]
    public async Task Tags_are_given_to_the_selected_runs_and_taken_back()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        var annotations = world.Services.GetRequiredService<AnnotationStore>();
        var page = world.Open<RunsPage>("/runs?q=tag:night");
        page.WaitForAssertion(() => Assert.Contains("No run matches", page.Markup, StringComparison.Ordinal));
        var runs = (await world.Services.GetRequiredService<RunStore>().ListAsync(new RunQuery(), CancellationToken.None)).Items;

        var (_, changed) = await annotations.TagAsync([runs[0].Id, runs[1].Id], "night", CancellationToken.None);
        await page.InvokeAsync(() => page.FindComponent<RunList>().Instance.RefreshAsync());
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tr.run-row[data-run]").Count));

        await annotations.UntagAsync(changed, "night", CancellationToken.None);
        await page.InvokeAsync(() => page.FindComponent<RunList>().Instance.RefreshAsync());
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("tr.run-row[data-run]")));
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
