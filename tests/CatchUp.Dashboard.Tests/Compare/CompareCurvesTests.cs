using AngleSharp.Dom;
using Bunit;
using CatchUp.Contracts.Journal;
using CatchUp.Dashboard.Compare;
using CatchUp.Dashboard.Tests.Support;

namespace CatchUp.Dashboard.Tests.Compare;

public sealed class CompareCurvesTests
{
    private const string File = "name: seeds\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: [1e-4, 1e-3] }\nreplicates: 3\n";

    private const string Curves = "/compare?tab=curves&runs=1,2,3,4,5,6";

    [Fact]
    public async Task Replicates_are_one_line_each_and_each_run_is_drawn_when_asked_for()
    {
        await using var world = await WorldAsync();
        var page = world.Open<ComparePage>(Curves);

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".chart-legend li").Count));
        Assert.Contains("Means over all runs of each configuration, with their 95 % intervals", page.Find(".chart-caption").TextContent, StringComparison.Ordinal);

        // Two means of five steps, of six runs with five points each.
        Assert.Equal("10 of 30 points", page.Find(".chart-badge").TextContent);

        await page.InvokeAsync(() => Button(page, "Each run").Click());
        page.WaitForAssertion(() => Assert.Equal(6, page.FindAll(".chart-legend li").Count));
        Assert.Equal("all 30 points", page.Find(".chart-badge").TextContent);
        Assert.Empty(page.FindAll(".chart-caption"));
    }

    [Fact]
    public async Task The_table_says_how_many_runs_a_mean_is_of_and_every_point_can_be_had()
    {
        await using var world = await WorldAsync();
        var page = world.Open<ComparePage>(Curves);
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".chart-legend li").Count));

        await page.InvokeAsync(() => Button(page, "Data").Click());

        page.WaitForAssertion(() => Assert.Equal(6, page.FindAll(".chart-points a").Count));
        Assert.Equal("/api/v1/runs/1/points?metric=loss", page.Find(".chart-points a").GetAttribute("href"));
        Assert.Contains("(mean of 3 of 3 runs)", page.Find(".chart-table").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_metrics_stand_side_by_side_as_the_address_says()
    {
        await using var world = await WorldAsync();
        var page = world.Open<ComparePage>($"{Curves}&metric=loss&metric=grad_norm");
        page.WaitForAssertion(() => Assert.Equal(["loss", "grad_norm"], page.FindAll(".chart").Select(chart => chart.GetAttribute("aria-label"))));

        // How they are drawn is chosen once for all of them.
        Assert.Single(page.FindAll(".curve-controls"));
        await page.InvokeAsync(() => page.Find("select.curve-axis").Change("images"));
        await page.InvokeAsync(() => Button(page, "log x").Click());
        page.WaitForAssertion(() => Assert.Equal("compare?tab=curves&runs=1,2,3,4,5,6&metric=loss&metric=grad_norm&view=images.logx", world.Address));
        page.WaitForAssertion(() => Assert.All(page.FindAll(".chart-host"), chart => Assert.Contains("over images seen", chart.GetAttribute("aria-label"), StringComparison.Ordinal)));

        await page.InvokeAsync(() => page.Find("[aria-label='Take loss away']").Click());
        page.WaitForAssertion(() => Assert.Equal("grad_norm", Assert.Single(page.FindAll(".chart")).GetAttribute("aria-label")));
        Assert.Equal("compare?tab=curves&runs=1,2,3,4,5,6&metric=grad_norm&view=images.logx", world.Address);

        await page.InvokeAsync(() => page.Find("[aria-label='Add a metric']").Change("loss"));
        page.WaitForAssertion(() => Assert.Equal(["grad_norm", "loss"], page.FindAll(".chart").Select(chart => chart.GetAttribute("aria-label"))));
    }

    [Fact]
    public async Task Smoothing_states_its_window()
    {
        await using var world = await WorldAsync();
        var page = world.Open<ComparePage>($"{Curves}&view=ema25");

        page.WaitForAssertion(() => Assert.Equal("EMA over 25 drawn values", page.Find(".chart-smooth span").TextContent));
    }

    [Fact]
    public async Task The_overview_draws_the_first_metric_with_its_own_controls()
    {
        await using var world = await WorldAsync();
        var page = world.Open<ComparePage>("/compare?runs=1,2,3,4,5,6&metric=grad_norm&metric=loss");

        page.WaitForAssertion(() => Assert.Equal("grad_norm", page.Find(".chart").GetAttribute("aria-label")));
        Assert.Single(page.FindAll(".curve-controls"));
    }

    private static IElement Button(IRenderedComponent<ComparePage> page, string text) => page.FindAll("button").First(button => button.TextContent.Trim() == text);

    /// <summary>Two configurations with three seeds each, all with five points of two metrics.</summary>
    private static async Task<PageWorld> WorldAsync()
    {
        var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        for (var run = 0; run < 6; run++)
        {
            var assigned = await world.ClaimAsync();
            await world.ShipAsync(
                assigned,
                [
                    .. Enumerable.Range(1, 5).Select(step => new PointsLogged { Step = step, ImagesSeen = step * 128, Values = new Dictionary<string, double> { ["loss"] = 1.0 / step + (assigned.RunId / 100.0), ["grad_norm"] = step } }),
                    new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 5 },
                ]);
        }

        return world;
    }
}
