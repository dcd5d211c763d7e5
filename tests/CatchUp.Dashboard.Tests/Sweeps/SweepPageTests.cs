using Bunit;
using CatchUp.Contracts.Journal;
using CatchUp.Dashboard.Charts;
using CatchUp.Dashboard.Sweeps;
using CatchUp.Dashboard.Tests.Support;

namespace CatchUp.Dashboard.Tests.Sweeps;

public sealed class SweepPageTests
{
    private const string File = "name: rates\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: [1e-4, 1e-3] }\n";

    [Fact]
    public async Task Sweep_shows_its_runs_their_keys_and_the_best()
    {
        await using var world = await PageWorld.CreateAsync();
        var sweep = await world.SubmitAsync(File);
        var run = await world.ClaimAsync();
        await world.ShipAsync(run, PageWorld.Fid(12.4), new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 300 });

        var page = world.Open<SweepPage>($"/sweeps/{sweep}", parameters => parameters.Add(one => one.Id, sweep));

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tr.run-row[data-run]").Count));
        Assert.Contains("learningRate", page.Find(".run-table thead").TextContent, StringComparison.Ordinal);
        Assert.Equal(run.RunId.ToString(System.Globalization.CultureInfo.InvariantCulture), page.Find("td.best").ParentElement!.GetAttribute("data-run"));
        Assert.Contains("12.4 ± 0.3", page.Find(".overview").TextContent, StringComparison.Ordinal);
        Assert.Contains("fashion-mnist-cnn-2 · 500 samples", page.Find(".overview").TextContent, StringComparison.Ordinal);
        Assert.Contains(File, page.Find("details pre").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_at_gates_are_neither_the_best_nor_drawn()
    {
        await using var world = await PageWorld.CreateAsync();
        var sweep = await world.SubmitAsync("name: gated\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: [1e-4, 1e-3] }\nsearch: { stopping: { resource: samples } }\nevaluation: { gates: [100] }\n");
        var run = await world.ClaimAsync();
        var gate = PageWorld.Fid(3.1) with { Gate = 100, Samples = 100 };
        await world.ShipAsync(run, gate);
        var page = world.Open<SweepPage>($"/sweeps/{sweep}", parameters => parameters.Add(one => one.Id, sweep));

        page.WaitForAssertion(() => Assert.Contains("No evaluations yet", page.FindComponent<SweepFidNfe>().Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("td.best"));
        await world.ShipAsync(run, gate, PageWorld.Fid(12.4), new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 300 });

        page.WaitForAssertion(() => Assert.Contains("12.4", page.Find("td.best").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(15));
        page.WaitForAssertion(() => Assert.DoesNotContain("No evaluations yet", page.FindComponent<SweepFidNfe>().Markup, StringComparison.Ordinal), TimeSpan.FromSeconds(15));
        Assert.DoesNotContain("100 samples", page.FindComponent<SweepFidNfe>().Markup, StringComparison.Ordinal);
        Assert.Equal("Images", page.Find("section.trial-search th").TextContent);
    }

    [Fact]
    public async Task Search_shows_how_it_stands_and_why_each_trial_was_proposed()
    {
        await using var world = await PageWorld.CreateAsync();
        var sweep = await world.SubmitAsync("name: searching\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: { logUniform: [1e-4, 1e-2] } }\nevaluation: { every: 100 }\nsearch: { method: random, trials: 12, stopping: { first: 100 } }\n");

        var page = world.Open<SweepPage>($"/sweeps/{sweep}", parameters => parameters.Add(one => one.Id, sweep));

        page.WaitForAssertion(() => Assert.Contains("8 of 12 trials proposed: 8 open.", page.Find("section.trial-search").TextContent, StringComparison.Ordinal));
        Assert.Equal(8, page.FindAll("section.trial-search details tbody tr").Count);
        Assert.Contains("Drawn at random.", page.Find("section.trial-search details tbody tr").TextContent, StringComparison.Ordinal);
        Assert.Contains("none was spared", page.Find("section.trial-search caption").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true, false)]
    [InlineData("?view=time.log", true, true)]
    [InlineData("?lines=runs&view=log", false, true)]
    [InlineData("?selected=1,2", false, false)]
    [InlineData("?selected=1,2&lines=nonsense", false, false)]
    public async Task Curves_are_drawn_as_the_address_says(string query, bool together, bool log)
    {
        await using var world = await PageWorld.CreateAsync();
        var sweep = await world.SubmitAsync($"{File}replicates: 3\n");

        var page = world.Open<SweepPage>($"/sweeps/{sweep}{query}", parameters => parameters.Add(one => one.Id, sweep));

        page.WaitForAssertion(() => Assert.NotEmpty(page.FindComponent<RunCurves>().Instance.Runs));
        var curves = page.FindComponent<RunCurves>().Instance;
        Assert.Equal(together ? [3, 3] : null, curves.Groups?.Select(group => group.Runs.Count));
        Assert.Equal(log, curves.View!.Log);
        await page.InvokeAsync(() => curves.ViewChanged.InvokeAsync(curves.View with { Smoothing = 25 }));
        Assert.Contains("ema25", world.Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_that_is_not_there_says_so()
    {
        await using var world = await PageWorld.CreateAsync();

        var page = world.Open<SweepPage>("/sweeps/99", parameters => parameters.Add(one => one.Id, 99));

        page.WaitForAssertion(() => Assert.Contains("There is no sweep 99.", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sweep_that_changes_is_drawn_anew()
    {
        await using var world = await PageWorld.CreateAsync();
        var sweep = await world.SubmitAsync(File);
        var page = world.Open<SweepPage>($"/sweeps/{sweep}", parameters => parameters.Add(one => one.Id, sweep));
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tr.run-row .state-queued.state-chip").Count));

        await world.ClaimAsync();

        page.WaitForAssertion(() => Assert.Single(page.FindAll("tr.run-row .state-running.state-chip")), TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Numbers_that_come_while_the_page_is_open_are_drawn()
    {
        await using var world = await PageWorld.CreateAsync();
        var sweep = await world.SubmitAsync(File);
        var run = await world.ClaimAsync();
        var page = world.Open<SweepPage>($"/sweeps/{sweep}", parameters => parameters.Add(p => p.Id, sweep));
        page.WaitForAssertion(() => Assert.Contains("No evaluations yet", page.FindComponent<SweepFidNfe>().Markup, StringComparison.Ordinal));

        await world.ShipAsync(run, PageWorld.Fid(12));

        // Sooner than the page would look without news.
        page.WaitForAssertion(() => Assert.Contains("fashion-mnist-cnn-2 · 500 samples", page.FindComponent<SweepFidNfe>().Markup, StringComparison.Ordinal), TimeSpan.FromSeconds(12));
    }

    [Fact]
    public async Task Lines_are_configurations_over_all_their_replicates_until_the_address_says_otherwise()
    {
        await using var world = await PageWorld.CreateAsync();
        var sweep = await world.SubmitAsync("name: seeds\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: [1e-4, 1e-3] }\nreplicates: 3\n");
        for (var index = 0; index < 6; index++)
        {
            var run = await world.ClaimAsync();
            await world.ShipAsync(run, PageWorld.Fid(10 + run.RunId), new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 300 });
        }

        var page = world.Open<SweepPage>($"/sweeps/{sweep}?checkpoints=best", parameters => parameters.Add(p => p.Id, sweep));
        page.WaitForAssertion(() => Assert.Equal(2, page.FindComponent<SweepFidNfe>().FindAll(".chart-legend li").Count));

        await page.InvokeAsync(() => page.FindComponent<SweepFidNfe>().FindAll(".segmented button").Single(button => button.TextContent == "Each run").Click());
        page.WaitForAssertion(() => Assert.Equal(6, page.FindComponent<SweepFidNfe>().FindAll(".chart-legend li").Count));
        Assert.Equal($"sweeps/{sweep}?checkpoints=best&lines=runs", world.Address);

        await page.InvokeAsync(() => page.FindComponent<SweepFidNfe>().FindAll(".segmented button").Single(button => button.TextContent == "Best of all").Click());
        page.WaitForAssertion(() => Assert.Contains("2 others are faint", page.FindComponent<SweepFidNfe>().Markup, StringComparison.Ordinal));
    }
}
