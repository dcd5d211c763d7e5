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
        await world.ShipAsync(run, [.. Enumerable.Range(1, 20).Select(step => new PointsLogged { Step = step, Values = new Dictionary<string, double> { ["loss"] = 1.0 / step } })]);

        var page = world.Open<Late>("/", parameters => parameters.Add(late => late.Run, run.RunId));

        page.WaitForAssertion(() => Assert.Equal(20, Assert.Single(page.FindComponent<MetricChart>().Instance.Series).TotalPoints), TimeSpan.FromSeconds(15));
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
