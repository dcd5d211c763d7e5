using Bunit;
using CatchUp.Contracts.Journal;
using CatchUp.Dashboard.Compare;
using CatchUp.Dashboard.Runs;
using CatchUp.Dashboard.Tests.Support;
using CatchUp.Tracking.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Dashboard.Tests.Compare;

public sealed class ComparePageTests
{
    private const string File = "name: rates\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: [1e-4, 1e-3, 1e-2] }\n";

    [Fact]
    public async Task Without_runs_the_page_lets_choose_them_one_after_the_other()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        var page = world.Open<ComparePage>("/compare");
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll(".run-picker-list button").Count));

        await page.InvokeAsync(() => page.FindAll(".run-picker-list button")[0].Click());
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".run-picker-list button").Count));
        await page.InvokeAsync(() => page.FindAll(".run-picker-list button")[0].Click());

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".compared-run").Count));
        Assert.Matches("^compare\\?runs=\\d,\\d$", world.Address);
        Assert.Empty(page.FindAll(".run-picker"));
    }

    [Fact]
    public async Task Only_what_differs_is_listed()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);

        var page = world.Open<ComparePage>("/compare?runs=1,2,3");

        page.WaitForAssertion(() => Assert.Equal("optimizer.learningRate", Assert.Single(page.FindAll("tbody th code")).TextContent));
        Assert.Equal(["0.0001", "0.001", "0.01"], page.FindAll("tbody td").Select(cell => cell.TextContent));
    }

    [Fact]
    public async Task Replicates_are_compared_over_their_common_seeds()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync("name: seeds\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: [1e-4, 1e-3] }\nreplicates: 3\n");
        var fids = new Dictionary<(string, int), double> { [("0.0001", 0)] = 30, [("0.0001", 1)] = 33, [("0.0001", 2)] = 36, [("0.001", 0)] = 20.1, [("0.001", 1)] = 23, [("0.001", 2)] = 25.9 };
        for (var run = 0; run < 6; run++)
        {
            var assigned = await world.ClaimAsync();
            var summary = (await world.Services.GetRequiredService<RunStore>().FindAsync(assigned.RunId, CancellationToken.None))!.Summary;
            await world.ShipAsync(assigned, PageWorld.Fid(fids[(summary.Parameters["optimizer.learningRate"], summary.Replicate)]), new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 2 });
        }

        var page = world.Open<ComparePage>("/compare?runs=1,2,3,4,5,6");

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("[aria-label='Configurations over their seeds'] tbody tr").Count));
        var rows = page.FindAll("[aria-label='Configurations over their seeds'] tbody tr").Select(row => row.TextContent.Trim()).ToList();
        Assert.Contains("learningRate 0.001", rows[0], StringComparison.Ordinal);
        Assert.Contains("The best mean.", rows[0], StringComparison.Ordinal);

        // Seed by seed 9.9, 10 and 10.1 apart: 10 ± t(0.975, 2) · 0.1 / √3.
        Assert.Contains("the best is better by 10.00 ± 0.25 (3 common seeds); a difference as large by chance alone happens about once in 30,000 such comparisons.", rows[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_keep_their_colours_when_one_is_taken_out()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        var page = world.Open<ComparePage>("/compare?runs=1,2,3");
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll(".compared-run").Count));
        var before = page.FindAll(".compared-run .swatch").Select(swatch => swatch.GetAttribute("style")).ToList();

        await page.InvokeAsync(() => page.FindAll(".compared-run button")[0].Click());

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".compared-run").Count));
        Assert.Equal(before[1..], page.FindAll(".compared-run .swatch").Select(swatch => swatch.GetAttribute("style")));
        Assert.Equal("compare?runs=2,3", world.Address);
    }

    [Fact]
    public async Task Run_that_is_gone_is_named_and_the_others_are_compared()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);

        var page = world.Open<ComparePage>("/compare?runs=1,999,nonsense,2");

        page.WaitForAssertion(() => Assert.Contains("There is no run 999.", page.Markup, StringComparison.Ordinal));
        Assert.Equal(3, page.FindAll(".compared-run").Count);
        Assert.Single(page.FindAll("tbody th code"));
    }

    [Fact]
    public async Task A_sweep_is_compared_by_as_many_runs_as_a_comparison_takes()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync("name: many\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: [1e-4, 1e-3, 1e-2] }\nreplicates: 17\n");

        var page = world.Open<ComparePage>("/compare?sweep=1");

        page.WaitForAssertion(() => Assert.Contains("51 runs were asked for; the 50 best of the sweep are shown.", page.Markup, StringComparison.Ordinal));
        Assert.Equal(10, page.FindAll(".compared-run").Count);
        await page.InvokeAsync(() => page.FindAll(".compared > li > button").First(button => button.TextContent == "and 40 more").Click());
        page.WaitForAssertion(() => Assert.Equal(50, page.FindAll(".compared-run").Count));

        // From here on it is a comparison of chosen runs.
        await page.InvokeAsync(() => page.FindAll(".compared-run button")[0].Click());
        page.WaitForAssertion(() => Assert.Equal(49, RunsAddress.ParseIds(world.Address.Split('=')[1]).Count));
        Assert.StartsWith("compare?runs=", world.Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replicates_are_drawn_together_unless_the_address_says_otherwise()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync("name: seeds\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: [1e-4, 1e-3] }\nreplicates: 2\n");
        var page = world.Open<ComparePage>("/compare?runs=1,2,3,4&tab=fid");
        page.WaitForAssertion(() => Assert.Equal("true", page.Find(".compare-head .segmented button").GetAttribute("aria-pressed")));

        await page.InvokeAsync(() => page.FindAll(".compare-head .segmented button")[1].Click());

        page.WaitForAssertion(() => Assert.Equal("compare?runs=1,2,3,4&tab=fid&by=run", world.Address));
        Assert.Equal("false", page.Find(".compare-head .segmented button").GetAttribute("aria-pressed"));
        Assert.Equal("page", page.FindAll(".compare-head .tabs a").Single(tab => tab.TextContent == "FID–NFE").GetAttribute("aria-current"));
    }

    [Fact]
    public async Task Each_part_has_an_address_that_keeps_the_runs()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        var page = world.Open<ComparePage>("/compare?runs=1,3&metric=loss%2Fa");

        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".compare-head .tabs a")));

        Assert.All(page.FindAll(".compare-head .tabs a"), tab => Assert.Contains("runs=1,3", tab.GetAttribute("href"), StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".compare-head .segmented"));
    }
}
