using Bunit;
using CatchUp.Contracts.Journal;
using CatchUp.Dashboard.Reports;
using CatchUp.Dashboard.Tests.Support;
using CatchUp.Tracking.Reports;
using CatchUp.Tracking.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Dashboard.Tests.Reports;

public sealed class ReportPageTests
{
    private const string Chart = "# Head\n\n```chart\nruns: [1]\nmetric: loss\n```\n";

    [Fact]
    public async Task Without_reports_the_list_says_what_one_is_and_with_many_it_has_pages_and_a_search()
    {
        await using var world = await PageWorld.CreateAsync();
        var empty = world.Open<ReportsPage>("/reports");
        empty.WaitForAssertion(() => Assert.Contains("No report has been written yet.", empty.Markup, StringComparison.Ordinal));
        var store = world.Services.GetRequiredService<ReportStore>();
        for (var i = 1; i <= 52; i++)
        {
            await store.CreateAsync(new($"Report <i>{i}</i>", "", []), "ada", PageWorld.Cancellation);
        }

        var page = world.Open<ReportsPage>("/reports");
        page.WaitForAssertion(() => Assert.Equal(50, page.FindAll("tr.report-row").Count));
        Assert.Equal("Report <i>52</i>", page.FindAll("tr.report-row a")[0].TextContent);
        await page.InvokeAsync(() => page.FindAll(".pager button")[1].Click());
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tr.report-row").Count));
        Assert.Equal("reports?page=2", world.Address);

        var found = world.Open<ReportsPage>("/reports?q=%3Ci%3E7%3C");
        found.WaitForAssertion(() => Assert.Equal("Report <i>7</i>", Assert.Single(found.FindAll("tr.report-row a")).TextContent));
        var none = world.Open<ReportsPage>("/reports?q=nothing");
        none.WaitForAssertion(() => Assert.Contains("No report matches.", none.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_new_report_is_written_previewed_and_saved_for_who_is_signed_in()
    {
        await using var world = await PageWorld.CreateAsync();
        world.Access.SetAuthorized("ada");
        var page = world.Open<ReportPage>("/reports/new");
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("textarea")));

        await TypeAsync(page, "# Head\n\n<script>alert(1)</script> **bold**\n\n```chrt\nruns: [1]\n```\n");
        page.WaitForAssertion(() => Assert.Equal("bold", page.Find(".report-prose strong").TextContent));
        Assert.Empty(page.FindAll("script"));
        Assert.Contains("Did you mean chart?", page.Find(".report-problem-list").TextContent, StringComparison.Ordinal);
        await SaveAsync(page);
        Assert.Contains("The report has no title.", page.Find(".report-refusal").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.Find("#report-title").Input("Orders"));
        await SaveAsync(page);

        page.WaitForAssertion(() => Assert.Equal("reports/1?edit=1", world.Address));
        var stored = (await world.Services.GetRequiredService<ReportStore>().FindAsync(1, PageWorld.Cancellation))!;
        Assert.Equal(("Orders", "ada", 1), (stored.Summary.Title, stored.Summary.Owner, stored.Summary.Version));
        Assert.Contains("```chrt", stored.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_save_over_anothers_is_told_and_both_texts_are_kept()
    {
        await using var world = await PageWorld.CreateAsync();
        var store = world.Services.GetRequiredService<ReportStore>();
        await store.CreateAsync(new("Report", "start", []), null, PageWorld.Cancellation);
        var page = Open(world, "/reports/1?edit=1");
        await TypeAsync(page, "mine");
        await store.SaveAsync(1, 1, new("Report", "theirs", []), "eve", PageWorld.Cancellation);

        await SaveAsync(page);

        page.WaitForAssertion(() => Assert.Contains("eve saved version 2", page.Find(".report-notice").TextContent, StringComparison.Ordinal));
        Assert.Equal("theirs", page.Find(".report-notice pre").TextContent);
        Assert.Equal("theirs", (await store.FindAsync(1, PageWorld.Cancellation))!.Text);
        await page.InvokeAsync(() => Button(page, "Save mine over version 2").Click());
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".report-notice")));
        Assert.Equal(("mine", 3), ((await store.FindAsync(1, PageWorld.Cancellation))!.Text, (await store.FindAsync(1, PageWorld.Cancellation))!.Summary.Version));
    }

    [Fact]
    public async Task What_is_written_can_be_given_up_for_theirs_or_become_a_report_of_its_own()
    {
        await using var world = await PageWorld.CreateAsync();
        var store = world.Services.GetRequiredService<ReportStore>();
        await store.CreateAsync(new("Report", "start", []), null, PageWorld.Cancellation);
        var copying = Open(world, "/reports/1?edit=1");
        await TypeAsync(copying, "mine");
        await store.SaveAsync(1, 1, new("Report", "theirs", []), null, PageWorld.Cancellation);
        await SaveAsync(copying);
        copying.WaitForAssertion(() => Button(copying, "Save mine as a new report"));
        await copying.InvokeAsync(() => Button(copying, "Save mine as a new report").Click());
        copying.WaitForAssertion(() => Assert.Equal("reports/2?edit=1", world.Address));
        Assert.Equal(("theirs", "mine"), ((await store.FindAsync(1, PageWorld.Cancellation))!.Text, (await store.FindAsync(2, PageWorld.Cancellation))!.Text));

        var taking = Open(world, "/reports/1?edit=1");
        await TypeAsync(taking, "again mine");
        await store.SaveAsync(1, 2, new("Report", "theirs again", []), null, PageWorld.Cancellation);
        await SaveAsync(taking);
        taking.WaitForAssertion(() => Button(taking, "Take version 3 and drop mine"));
        await taking.InvokeAsync(() => Button(taking, "Take version 3 and drop mine").Click());
        taking.WaitForAssertion(() => Assert.Equal("theirs again", taking.FindComponent<ReportEditor>().Instance.Text));
    }

    [Fact]
    public async Task A_block_is_frozen_says_what_became_of_its_run_and_is_thawed()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync("name: <b>run</b>\nbase: { preset: fashion-tiny }\n");
        var assigned = await world.ClaimAsync();
        await world.ShipAsync(assigned, new PointsLogged { Step = 1, Values = new Dictionary<string, double> { ["loss"] = 2.5 } }, PageWorld.Fid(12), new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 1 });
        var store = world.Services.GetRequiredService<ReportStore>();
        await store.CreateAsync(new("Report", Chart + "\n```table\nruns: [1, 7]\ncolumns: name, fid[nfe=4]\n```\n", []), null, PageWorld.Cancellation);
        var page = Open(world, "/reports/1");
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".report-badge.live").Count));
        page.WaitForAssertion(() => Assert.Equal("12.0 ± 0.3", page.FindAll(".report-table td")[1].TextContent.Trim()));
        Assert.Contains("There is no run 7.", page.Markup, StringComparison.Ordinal);
        Assert.Equal("<b>run</b>", page.Find(".report-table td a").TextContent);

        await page.InvokeAsync(() => Button(page, "Freeze").Click());
        page.WaitForAssertion(() => Assert.Single(page.FindAll(".report-badge.frozen")));
        var hash = page.Find(".report-hash").TextContent;
        Assert.Contains($"frozen: {hash}", (await store.FindAsync(1, PageWorld.Cancellation))!.Text, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".report-changed"));

        await world.Services.GetRequiredService<RunStore>().DeleteAsync([1], PageWorld.Cancellation);
        page.WaitForAssertion(() => Assert.Equal("Since it was frozen: <b>run</b> (run 1) is gone.", page.Find(".report-changed").TextContent));
        Assert.Equal(hash, page.Find(".report-hash").TextContent);

        await page.InvokeAsync(() => Button(page, "Thaw").Click());
        page.WaitForAssertion(() => Assert.Contains("None of its runs is there.", page.Markup, StringComparison.Ordinal));
        Assert.DoesNotContain("frozen", (await store.FindAsync(1, PageWorld.Cancellation))!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Freezing_while_writing_is_a_part_of_what_is_saved()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync("name: one\nbase: { preset: fashion-tiny }\n");
        await world.ShipAsync(await world.ClaimAsync(), new PointsLogged { Step = 1, Values = new Dictionary<string, double> { ["loss"] = 2.5 } });
        var store = world.Services.GetRequiredService<ReportStore>();
        await store.CreateAsync(new("Report", Chart, []), null, PageWorld.Cancellation);
        var page = Open(world, "/reports/1?edit=1");
        page.WaitForAssertion(() => Button(page, "Freeze"));

        await page.InvokeAsync(() => Button(page, "Freeze").Click());

        page.WaitForAssertion(() => Assert.Single(page.FindAll(".report-badge.frozen")));
        Assert.Contains("frozen: ", page.FindComponent<ReportEditor>().Instance.Text, StringComparison.Ordinal);
        Assert.Equal(0, (await store.FindAsync(1, PageWorld.Cancellation))!.Summary.Frozen);
        await SaveAsync(page);
        page.WaitForAssertion(() => Assert.DoesNotContain("Not saved", page.Markup, StringComparison.Ordinal));
        Assert.Equal(1, (await store.FindAsync(1, PageWorld.Cancellation))!.Summary.Frozen);
    }

    [Fact]
    public async Task A_frozen_block_that_says_something_else_shows_what_was_frozen()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync("name: one\nbase: { preset: fashion-tiny }\n");
        await world.ShipAsync(await world.ClaimAsync(), new PointsLogged { Step = 1, Values = new Dictionary<string, double> { ["loss"] = 2.5, ["gradient"] = 1 } });
        var contents = world.Services.GetRequiredService<ReportContents>();
        var (frozen, _) = await contents.FreezeAsync(ReportDocument.Parse(Chart).Blocks[0].Reading.Block!, PageWorld.Cancellation);
        var text = $"```chart\nruns: [1]\nmetric: gradient\nfrozen: {frozen!.Sha256}\n```\n\n```chart\nruns: [1]\nmetric: loss\nfrozen: {new string('0', 64)}\n```\n";
        await world.Services.GetRequiredService<ReportStore>().CreateAsync(new("Report", text, [frozen]), null, PageWorld.Cancellation);

        var page = Open(world, "/reports/1");

        page.WaitForAssertion(() => Assert.Contains(ReportContents.OtherWords, page.Markup, StringComparison.Ordinal));
        Assert.Contains("The data of this frozen block is not stored", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_that_is_not_there_says_so()
    {
        await using var world = await PageWorld.CreateAsync();

        var page = world.Open<ReportPage>("/reports/9", parameters => parameters.Add(one => one.Id, 9));

        page.WaitForAssertion(() => Assert.Contains("There is no report 9.", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_report_of_chosen_runs_begins_with_their_blocks()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync("name: one\nbase: { preset: fashion-tiny }\nreplicates: 2\n");

        var page = world.Open<ReportPage>("/reports/new?runs=1,2");

        page.WaitForAssertion(() => Assert.Equal(4, ReportDocument.Parse(page.FindComponent<ReportEditor>().Instance.Text).Blocks.Count(block => block.Reading.Block?.Runs is [1, 2])));
    }

    private static IRenderedComponent<ReportPage> Open(PageWorld world, string address)
    {
        var page = world.Open<ReportPage>(address, parameters => parameters.Add(one => one.Id, 1));
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(address.Contains("edit", StringComparison.Ordinal) ? "textarea" : ".report")));
        return page;
    }

    private static Task TypeAsync(IRenderedComponent<ReportPage> page, string text) => page.InvokeAsync(() => page.FindComponent<ReportEditor>().Instance.TextChanged.InvokeAsync(text));

    private static Task SaveAsync(IRenderedComponent<ReportPage> page) => page.InvokeAsync(() => page.FindComponent<ReportEditor>().Instance.SaveAsync());

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<ReportPage> page, string name) => page.FindAll("button").First(button => button.TextContent.Trim() == name);
}
