using Bunit;
using CatchUp.Contracts.Journal;
using CatchUp.Dashboard.Home;
using CatchUp.Dashboard.Tests.Support;
using CatchUp.Tracking.Sweeps;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Dashboard.Tests.Home;

public sealed class HomePageTests
{
    [Fact]
    public async Task Empty_installation_launches_the_demo_once_however_often_it_is_asked()
    {
        await using var world = await PageWorld.CreateAsync();
        var first = world.Open<HomePage>("/");
        var second = world.Open<HomePage>("/");
        first.WaitForAssertion(() => Assert.Contains("Write your own sweep", first.Markup, StringComparison.Ordinal));
        second.WaitForAssertion(() => Assert.Contains("Write your own sweep", second.Markup, StringComparison.Ordinal));

        // On the pages' own dispatchers, so that no drawing comes between finding a button and pressing it.
        await first.InvokeAsync(() => Demo(first).Click());
        await second.InvokeAsync(() => Demo(second).Click());

        first.WaitForAssertion(() => Assert.Equal("sweeps/1", world.Address), TimeSpan.FromSeconds(20));
        var sweeps = await world.Services.GetRequiredService<SweepStore>().ListAsync(null, archived: false, 0, 10, PageWorld.Cancellation);
        Assert.Equal(1, sweeps.Total);
        Assert.Equal("Demo", sweeps.Items[0].Name);
    }

    [Fact]
    public async Task Page_answers_what_runs_finished_failed_and_waits()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync("name: day\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: [1e-5, 1e-4, 1e-3, 1e-2] }\n");
        var finished = await world.ClaimAsync();
        await world.ShipAsync(finished, PageWorld.Fid(20), new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 300 });
        var failed = await world.ClaimAsync();
        await world.ShipAsync(failed, new AttemptEnded { Outcome = AttemptOutcome.Failed, Step = 4, Cause = "The loss was not finite at step 4." });
        var running = await world.ClaimAsync();
        await world.ShipAsync(running);

        var page = world.Open<HomePage>("/");

        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("#home-running")));
        string Section(string id) => page.Find($"section[aria-labelledby={id}]").TextContent;
        Assert.Contains(running.Name, Section("home-running"), StringComparison.Ordinal);
        Assert.Contains(finished.Name, Section("home-finished"), StringComparison.Ordinal);
        Assert.Contains("The loss was not finite at step 4.", Section("home-failed"), StringComparison.Ordinal);
        Assert.Contains("Waiting", Section("home-waiting"), StringComparison.Ordinal);
        Assert.Contains("20.0 ± 0.3", Section("home-sweeps"), StringComparison.Ordinal);
    }

    private static AngleSharp.Dom.IElement Demo(IRenderedComponent<HomePage> page) =>
        page.FindAll("button").Single(button => button.TextContent.Contains("Launch the demo", StringComparison.Ordinal));
}
