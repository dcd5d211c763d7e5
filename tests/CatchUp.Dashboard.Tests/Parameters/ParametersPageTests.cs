using Bunit;
using CatchUp.Dashboard.Parameters;
using CatchUp.Dashboard.Tests.Support;

namespace CatchUp.Dashboard.Tests.Parameters;

public sealed class ParametersPageTests
{
    [Fact]
    public async Task Runs_are_chosen_by_values_and_every_part_follows()
    {
        await using var world = await PageWorld.CreateAsync();
        var sweep = await Trained.Async(world, Trained.Sweep, runs: 30);

        var page = world.Open<ParametersPage>($"/parameters?sweep={sweep}");

        // The sweep's objective is the usual metric.
        page.WaitForAssertion(() => Assert.Equal("30 runs", page.Find(".chosen-count").TextContent));
        Assert.Equal("fid[euler, nfe=4]", page.Find("select[aria-label='Metric to judge runs by']").GetAttribute("value"));
        Assert.Equal(["objective.order", "optimizer.learningRate"], page.FindAll("[data-slice]").Select(slice => slice.GetAttribute("data-slice")));
        Assert.DoesNotContain("<b>rates</b>", page.Markup, StringComparison.Ordinal);

        await page.InvokeAsync(() => page.Find("input[aria-label='FID @ NFE 4 to']").Change("15"));
        page.WaitForAssertion(() => Assert.Equal("10 of 30 runs chosen", page.Find(".chosen-count").TextContent));
        Assert.Equal($"parameters?sweep={sweep}&brush=value:..15", world.Address);

        // Another word is taken out of the choice.
        var rk34 = page.FindAll(".brush-words label").Single(label => label.TextContent.Contains("rk12", StringComparison.Ordinal)).QuerySelector("input")!;
        await page.InvokeAsync(() => rk34.Change(false));
        page.WaitForAssertion(() => Assert.Equal($"parameters?sweep={sweep}&brush=value:..15;objective.order:rk23,rk34", world.Address));
        Assert.Equal("10 of 30 runs chosen", page.Find(".chosen-count").TextContent);

        await page.InvokeAsync(() => page.Find("button[aria-label='Choose any FID @ NFE 4']").Click());
        page.WaitForAssertion(() => Assert.Equal("20 of 30 runs chosen", page.Find(".chosen-count").TextContent));
        var compare = page.FindAll("a").Single(link => link.TextContent.Trim() == "Compare these").GetAttribute("href")!;
        Assert.Equal(20, compare.Split('=')[1].Split(',').Distinct().Count());
        Assert.StartsWith($"/runs?sweep={sweep}&selected=", page.FindAll("a").Single(link => link.TextContent.Trim() == "Select in the list").GetAttribute("href"), StringComparison.Ordinal);

        await page.InvokeAsync(() => page.FindAll("button").Single(button => button.TextContent == "Clear").Click());
        page.WaitForAssertion(() => Assert.Equal("30 runs", page.Find(".chosen-count").TextContent));
        Assert.Equal($"parameters?sweep={sweep}", world.Address);
    }

    [Fact]
    public async Task What_is_dragged_on_an_axis_comes_into_the_address()
    {
        await using var world = await PageWorld.CreateAsync();
        var sweep = await Trained.Async(world, Trained.Sweep, runs: 30);
        var page = world.Open<ParametersPage>($"/parameters?sweep={sweep}");
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".chosen-count")));
        var view = page.FindComponent<ParametersView>();

        await page.InvokeAsync(() => view.Instance.BrushedAsync("optimizer.learningRate", 2e-4, null, null));
        await page.InvokeAsync(() => view.Instance.BrushedAsync("objective.order", null, null, [2]));
        page.WaitForAssertion(() => Assert.Equal($"parameters?sweep={sweep}&brush=optimizer.learningRate:0.0002..;objective.order:rk34", world.Address));
        page.WaitForAssertion(() => Assert.Equal("8 of 30 runs chosen", page.Find(".chosen-count").TextContent));
        var told = System.Text.Json.JsonSerializer.Serialize(view.Instance.TellAsync(0));
        Assert.Contains("40.0", told, StringComparison.Ordinal);
        Assert.Contains("rk12", told, StringComparison.Ordinal);

        // All words of an axis are no choice.
        await page.InvokeAsync(() => view.Instance.BrushedAsync("objective.order", null, null, [0, 1, 2]));
        await page.InvokeAsync(() => view.Instance.BrushedAsync("no such axis", 1, 2, null));
        page.WaitForAssertion(() => Assert.Equal($"parameters?sweep={sweep}&brush=optimizer.learningRate:0.0002..", world.Address));
    }

    [Fact]
    public async Task Importance_says_which_key_matters_at_which_nfe()
    {
        await using var world = await PageWorld.CreateAsync();
        var sweep = await Trained.Async(world, Trained.Sweep, runs: 30);

        var page = world.Open<ParametersPage>($"/parameters?sweep={sweep}");

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".importance tbody tr").Count), TimeSpan.FromMinutes(1));
        Assert.Equal(["objective.order", "optimizer.learningRate"], page.FindAll(".importance tbody code").Select(key => key.TextContent));
        Assert.Contains("all 30 runs", page.Markup, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal(["NFE 1", "NFE 4"], page.FindAll(".importance thead th").Skip(2).Select(head => head.TextContent)), TimeSpan.FromMinutes(1));
        page.WaitForAssertion(() => Assert.All(page.FindAll(".importance .heat"), cell => Assert.EndsWith(" %", cell.TextContent, StringComparison.Ordinal)), TimeSpan.FromMinutes(1));

        // What the forest predicts is behind the slices' button.
        await page.InvokeAsync(() => page.FindAll("#slices-heading ~ button").Single().Click());
        page.WaitForAssertion(() => Assert.Equal(8, page.FindAll("[aria-label='What the forest predicts for each value'] tbody tr").Count));

        // Ten chosen runs are five configurations.
        await page.InvokeAsync(() => page.Find("input[aria-label='FID @ NFE 4 to']").Change("15"));
        await page.InvokeAsync(() => page.FindAll("[aria-label='Runs that importance is of'] button")[1].Click());
        page.WaitForAssertion(() => Assert.Contains("Not enough runs to tell: 5 different configurations", page.Markup, StringComparison.Ordinal), TimeSpan.FromMinutes(1));
        Assert.Contains("importance=chosen", world.Address, StringComparison.Ordinal);
        Assert.Contains("the 10 chosen runs", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_measured_otherwise_and_not_at_all_are_named()
    {
        await using var world = await PageWorld.CreateAsync();
        var sweep = await Trained.Async(world, Trained.Sweep, runs: 8, unlike: 2, without: 1);

        var page = world.Open<ParametersPage>($"/parameters?sweep={sweep}");

        page.WaitForAssertion(() => Assert.Equal("5 runs", page.Find(".chosen-count").TextContent));
        var notes = page.FindAll(".parameter-note").Select(note => note.TextContent).ToList();
        Assert.Equal(["23 runs have no such number and are left out.", "2 runs were measured otherwise and are left out: fashion-mnist-cnn-2 · 100 samples · vs fashion-mnist train."], notes);
    }

    [Fact]
    public async Task Without_runs_without_numbers_and_without_a_filter_the_page_says_so()
    {
        await using var world = await PageWorld.CreateAsync();
        var page = world.Open<ParametersPage>("/parameters");
        page.WaitForAssertion(() => Assert.Contains("No run has been made yet.", page.Markup, StringComparison.Ordinal));

        await world.SubmitAsync(Trained.Sweep);
        page = world.Open<ParametersPage>("/parameters?sweep=1");
        page.WaitForAssertion(() => Assert.Contains("None of these runs has FID @ NFE 4.", page.Markup, StringComparison.Ordinal));

        page = world.Open<ParametersPage>("/parameters?q=name%20%3D%20nothing");
        page.WaitForAssertion(() => Assert.Contains("No run matches this filter.", page.Markup, StringComparison.Ordinal));

        page = world.Open<ParametersPage>("/parameters?q=objectve.order%20%3D%20rk12");
        page.WaitForAssertion(() => Assert.Contains("The filter cannot be read.", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Axes_and_the_scatter_plot_are_chosen_in_the_address()
    {
        await using var world = await PageWorld.CreateAsync();
        var sweep = await Trained.Async(world, Trained.Sweep, runs: 30);
        var page = world.Open<ParametersPage>($"/parameters?sweep={sweep}&scatter.x=fid[nfe=1]&scatter.colour=objective.order&keys=objective.order");

        page.WaitForAssertion(() => Assert.Equal(["objective.order"], page.FindAll("[data-slice]").Select(slice => slice.GetAttribute("data-slice"))));
        Assert.Contains("FID @ NFE 1", page.Find("[data-scatter]").GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.Equal(["rk12", "rk23", "rk34"], page.FindAll("#scatter-heading ~ .chart-legend li").Select(word => word.TextContent));
        Assert.Equal("FID @ NFE 1", page.FindAll(".chosen-runs thead th")[2].TextContent);

        await page.InvokeAsync(() => page.FindAll(".axis-choice input")[1].Change(true));
        page.WaitForAssertion(() => Assert.Contains("keys=objective.order,optimizer.learningRate", world.Address, StringComparison.Ordinal));
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("[data-slice]").Count));
    }
}
