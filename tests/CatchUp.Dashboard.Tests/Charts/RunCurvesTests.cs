using Bunit;
using CatchUp.Contracts.Journal;
using CatchUp.Dashboard.Charts;
using CatchUp.Dashboard.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace CatchUp.Dashboard.Tests.Charts;

public sealed class RunCurvesTests
{
    [Fact]
    public async Task Runs_that_come_while_the_first_are_being_read_are_drawn()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync("name: one\nbase: { preset: fashion-tiny }\n");
        var run = await world.ClaimAsync();
        await world.ShipAsync(run, Losses(20));

        var page = world.Open<Late>("/", parameters => parameters.Add(late => late.Run, run.RunId));

        page.WaitForAssertion(() => Assert.Equal(20, Assert.Single(page.FindComponent<MetricChart>().Instance.Series).TotalPoints), TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_chart_out_of_sight_is_not_kept_live_and_catches_up_when_it_is_seen_again()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync("name: one\nbase: { preset: fashion-tiny }\n");
        var run = await world.ClaimAsync();
        await world.ShipAsync(run, Losses(20));
        var seen = world.Open<RunCurves>("/", parameters => parameters.Add(curves => curves.Runs, [new ChartRun(run.RunId, "one")]).Add(curves => curves.Metric, "loss"));
        var unseen = world.Open<RunCurves>("/", parameters => parameters.Add(curves => curves.Runs, [new ChartRun(run.RunId, "one")]).Add(curves => curves.Metric, "loss"));
        await ShowsAsync(20, seen, unseen);
        await unseen.InvokeAsync(() => unseen.FindComponent<MetricChart>().Instance.SightedAsync(inSight: false));

        // Twice: both would be called at the same news, and the one out of sight need not be the first to have read.
        await world.ShipAsync(run, Losses(40));
        await ShowsAsync(40, seen);
        await world.ShipAsync(run, Losses(60));
        await ShowsAsync(60, seen);

        Assert.Equal(20, Points(unseen));
        await unseen.InvokeAsync(() => unseen.FindComponent<MetricChart>().Instance.SightedAsync(inSight: true));
        await ShowsAsync(60, unseen);
    }

    private static PointsLogged[] Losses(int steps) => [.. Enumerable.Range(1, steps).Select(step => new PointsLogged { Step = step, Values = new Dictionary<string, double> { ["loss"] = 1.0 / step } })];

    private static long Points(IRenderedComponent<RunCurves> curves) => curves.FindComponent<MetricChart>().Instance.Series.Sum(series => series.TotalPoints);

    private static async Task ShowsAsync(long points, params IRenderedComponent<RunCurves>[] charts)
    {
        foreach (var chart in charts)
        {
            await chart.WaitForAssertionAsync(() => Assert.Equal(points, Points(chart)), TimeSpan.FromSeconds(15));
        }
    }

    /// <summary>Knows its run right after it was first drawn.</summary>
    private sealed class Late : ComponentBase
    {
        private IReadOnlyList<ChartRun> _runs = [];

        [Parameter] public long Run { get; set; }

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenComponent<RunCurves>(0);
            builder.AddComponentParameter(1, nameof(RunCurves.Runs), _runs);
            builder.AddComponentParameter(2, nameof(RunCurves.Metric), "loss");
            builder.CloseComponent();
        }

        protected override void OnAfterRender(bool firstRender)
        {
            if (firstRender)
            {
                _runs = [new ChartRun(Run, "one")];
                StateHasChanged();
            }
        }
    }
}
