using Bunit;
using CatchUp.Contracts.Journal;
using CatchUp.Dashboard.Compare;
using CatchUp.Dashboard.Tests.Support;
using CatchUp.Tracking.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Dashboard.Tests.Compare;

public sealed class CompareFidNfeTests
{
    private const string Seeds = "name: seeds\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: [1e-4, 1e-3] }\nreplicates: 3\n";

    [Fact]
    public async Task Replicates_are_ranked_as_one_and_what_cannot_be_told_apart_is_tied()
    {
        await using var world = await PageWorld.CreateAsync();
        await FillAsync(world, (rate, seed) => (rate == "0.001" ? 20 : 20.4) + (seed * (rate == "0.001" ? 1 : 1.7)));

        var page = world.Open<ComparePage>("/compare?runs=1,2,3,4,5,6&tab=fid");

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("[aria-label='Ranked at NFE 4'] tbody tr").Count));
        var rows = page.FindAll("[aria-label='Ranked at NFE 4'] tbody tr");
        Assert.Contains("learningRate 0.001", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("best", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("= 1", rows[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("tied with the best", rows[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("Bars: 95 % of the mean over seeds.", page.Markup, StringComparison.Ordinal);
        Assert.Contains("No published number is comparable", page.Markup, StringComparison.Ordinal);

        // Each run for itself: its interval is over its images, and its words say so.
        await page.InvokeAsync(() => page.FindAll(".compare-head .segmented button")[1].Click());
        page.WaitForAssertion(() => Assert.Equal(6, page.FindAll("[aria-label='Ranked at NFE 4'] tbody tr").Count));
        Assert.Contains("tied: intervals overlap", page.Markup, StringComparison.Ordinal);
        Assert.Contains("they say nothing about seeds", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Best_step_is_chosen_in_the_address_and_said_to_be_optimistic()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync("name: steps\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: [1e-4, 1e-3] }\n");
        var first = await world.ClaimAsync();
        await world.ShipAsync(first, PageWorld.Fid(12, step: 100), PageWorld.Fid(30, step: 300), new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 2 });
        var second = await world.ClaimAsync();
        await world.ShipAsync(second, PageWorld.Fid(20, step: 100), PageWorld.Fid(15, step: 300), new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 2 });
        var page = world.Open<ComparePage>("/compare?runs=1,2&tab=fid");
        page.WaitForAssertion(() => Assert.Contains("15.0 ± 0.3", page.Find("[aria-label='Ranked at NFE 4'] tbody tr").TextContent, StringComparison.Ordinal));

        await page.InvokeAsync(() => page.FindAll(".fid-controls button").Single(button => button.TextContent == "Best per NFE").Click());

        page.WaitForAssertion(() => Assert.Contains("12.0 ± 0.3", page.Find("[aria-label='Ranked at NFE 4'] tbody tr").TextContent, StringComparison.Ordinal));
        Assert.Contains("step 100, best of 2", page.Find("[aria-label='Ranked at NFE 4'] tbody tr").TextContent, StringComparison.Ordinal);
        Assert.Contains("optimistic", page.Markup, StringComparison.Ordinal);
        Assert.Contains("checkpoints=best", world.Address, StringComparison.Ordinal);
        Assert.Contains("best%20of%20steps", page.Find("a[download='fid-nfe4.csv']").GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_that_was_measured_otherwise_is_drawn_apart_and_not_ranked()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync("name: odd\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: [1e-4, 1e-3, 1e-2] }\n");
        foreach (var samples in new[] { 500, 500, 100 })
        {
            var run = await world.ClaimAsync();
            await world.ShipAsync(run, PageWorld.Fid(run.RunId) with { Samples = samples }, new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 2 });
        }

        var page = world.Open<ComparePage>("/compare?runs=1,2,3&tab=fid");

        page.WaitForAssertion(() => Assert.Contains("Apart: sample count 100 instead of 500.", page.Find(".fid-apart").TextContent, StringComparison.Ordinal));
        var last = page.FindAll("[aria-label='Ranked at NFE 4'] tbody tr")[^1].TextContent;
        Assert.Contains("not ranked", last, StringComparison.Ordinal);
        Assert.Contains("measured otherwise: sample count 100 instead of 500", last, StringComparison.Ordinal);
        Assert.Equal(2, page.FindAll("[aria-label='The front'] tbody tr").Count);

        await page.InvokeAsync(() => page.Find(".fid-apart [aria-label^='Draw']").Click());
        page.WaitForAssertion(() => Assert.Contains("Apart: sample count 500 instead of 100.", page.Find(".fid-apart").TextContent, StringComparison.Ordinal));
        Assert.Contains("protocol=fid.", world.Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Costs_of_runs_stand_in_a_table_with_their_sum_and_the_time_to_a_number()
    {
        await using var world = await PageWorld.CreateAsync();
        await FillAsync(world, (rate, seed) => (rate == "0.001" ? 20 : 40) + seed);

        var page = world.Open<ComparePage>("/compare?runs=1,2,3,4,5,6&tab=cost");

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("[aria-label='Costs'] tbody tr").Count));
        Assert.Contains("Device hours", page.Find("#cost-title").TextContent, StringComparison.Ordinal);
        Assert.Contains("FID ≤ 42 after", page.Find("[aria-label='Costs'] thead").TextContent, StringComparison.Ordinal);
        Assert.Equal(["3 of 3 runs", "3 of 3 runs"], page.FindAll("[aria-label='Costs'] tbody [data-label='Reached']").Select(cell => cell.TextContent.Split(", ")[1]));

        await page.InvokeAsync(() => page.Find(".cost-threshold").Change("21"));
        page.WaitForAssertion(() => Assert.Equal(["never", "2 of 3 runs"], page.FindAll("[aria-label='Costs'] tbody [data-label='Reached']").Select(cell => cell.TextContent.Split(", ")[^1]).Order().Reverse()));
        Assert.Contains("below=21", world.Address, StringComparison.Ordinal);
        Assert.Contains("Together", page.Find("[aria-label='Costs'] tfoot").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Comparison_without_numbers_says_so_in_every_part()
    {
        await using var world = await PageWorld.CreateAsync();
        await FillAsync(world, null);

        var page = world.Open<ComparePage>("/compare?runs=1,2&tab=fid");
        page.WaitForAssertion(() => Assert.Contains("None of these runs has evaluations yet.", page.Markup, StringComparison.Ordinal));

        var costs = world.Open<ComparePage>("/compare?runs=1,2&tab=cost");
        costs.WaitForAssertion(() => Assert.Contains("None of these runs has been given to a worker yet.", costs.Markup, StringComparison.Ordinal));
    }

    private static async Task FillAsync(PageWorld world, Func<string, int, double>? fid)
    {
        await world.SubmitAsync(Seeds);
        for (var run = 0; fid is not null && run < 6; run++)
        {
            var assigned = await world.ClaimAsync();
            var summary = (await world.Services.GetRequiredService<RunStore>().FindAsync(assigned.RunId, CancellationToken.None))!.Summary;
            var value = fid(summary.Parameters["optimizer.learningRate"], summary.Replicate);
            await world.ShipAsync(assigned, PageWorld.Fid(value) with { Low = value - 2, High = value + 2 }, new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 2 });
        }
    }
}
