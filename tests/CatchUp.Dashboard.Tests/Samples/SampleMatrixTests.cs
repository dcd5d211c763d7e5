using Bunit;
using CatchUp.Contracts.Journal;
using CatchUp.Dashboard.Compare;
using CatchUp.Dashboard.Runs;
using CatchUp.Dashboard.Sweeps;
using CatchUp.Dashboard.Tests.Support;

namespace CatchUp.Dashboard.Tests.Samples;

public sealed class SampleMatrixTests
{
    private const string File = "name: rates\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: [1e-4, 1e-3] }\n";

    [Fact]
    public async Task Compared_runs_are_laid_out_by_nfe_with_a_slider_over_the_steps()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        await ShipAsync(world, 1, Grid(50, 1), Grid(50, 8), Grid(100, 1), Grid(100, 8));
        await ShipAsync(world, 2, Grid(50, 1), Grid(50, 8));

        var page = world.Open<ComparePage>("/compare?runs=1,2&tab=samples");

        page.WaitForAssertion(() => Assert.Equal(4, page.FindAll(".matrix-cell").Count));
        Assert.Equal(["NFE 1", "NFE 8"], page.FindAll(".matrix thead th").Select(head => head.TextContent));
        Assert.Equal(2, page.FindAll(".matrix tbody th .swatch").Count);
        Assert.Contains("at step 50", page.FindAll(".matrix tbody tr")[1].TextContent, StringComparison.Ordinal);
        Assert.All(page.FindAll(".matrix-cell img"), image => Assert.Equal("lazy", image.GetAttribute("loading")));
        Assert.Single(page.FindAll(".matrix-cell[tabindex='0']"));

        await page.InvokeAsync(() => page.Find(".matrix-controls input[type=range]").Input("0"));

        page.WaitForAssertion(() => Assert.DoesNotContain("at step", page.Find(".matrix").TextContent, StringComparison.Ordinal));
        Assert.Contains("step=50", world.Address, StringComparison.Ordinal);

        await page.InvokeAsync(() => page.FindAll(".matrix-controls select")[0].Change("step"));

        page.WaitForAssertion(() => Assert.Equal(["Step 50", "Step 100"], page.FindAll(".matrix tbody th").Select(head => head.TextContent)));
        Assert.Contains("rows=step", world.Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_do_not_repeat_the_name_of_the_sweep_also_when_it_has_slashes()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync("name: a/b <c/d>\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: [1e-4, 1e-3] }\n");
        await ShipAsync(world, 1, Grid(100, 1), Grid(100, 8));
        await ShipAsync(world, 2, Grid(100, 1), Grid(100, 8));

        var page = world.Open<ComparePage>("/compare?runs=1,2&tab=samples");

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".matrix-run a").Count));
        var names = page.FindAll(".matrix-run a").Select(run => (Whole: run.GetAttribute("title")!, Short: run.TextContent)).ToList();
        Assert.All(names, name => Assert.Equal(name.Whole, $"a/b <c/d>/{name.Short}"));
    }

    [Fact]
    public async Task Grids_of_unlike_banks_are_told_and_never_subtracted()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        await ShipAsync(world, 1, Grid(100, 8));
        await ShipAsync(world, 2, Grid(100, 8) with { NoiseBank = 2 });

        var page = world.Open<ComparePage>("/compare?runs=1,2&tab=samples&cell=2&against=1&look=difference");

        page.WaitForAssertion(() => Assert.Contains("never subtracted", page.Find("dialog.stage").TextContent, StringComparison.Ordinal));
        Assert.Contains("One grid has another noise bank or shape", page.Markup, StringComparison.Ordinal);
        Assert.Contains("≠", page.FindAll(".matrix-cell")[1].TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[aria-label='Amplification']"));
    }

    [Fact]
    public async Task Large_view_is_restored_by_the_address_and_closes()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        await ShipAsync(world, 1, Grid(100, 1), Grid(100, 8));
        var page = world.Open<RunPage>("/runs/1?tab=samples&cell=2&look=difference&gain=4", parameters => parameters.Add(page => page.Id, 1));

        page.WaitForAssertion(() => Assert.Equal("4×", page.Find("[aria-label='Amplification'] [aria-pressed='true']").TextContent));
        Assert.Contains("NFE 1", page.FindAll(".stage-names dd")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("NFE 8", page.FindAll(".stage-names dd")[1].TextContent, StringComparison.Ordinal);

        await page.InvokeAsync(() => page.FindAll(".stage-head button").Single(button => button.TextContent == "Exchange A and B").Click());

        page.WaitForAssertion(() => Assert.Contains("NFE 8", page.FindAll(".stage-names dd")[0].TextContent, StringComparison.Ordinal));
        await page.InvokeAsync(() => page.Find(".stage-close").Click());
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("dialog.stage")));
        Assert.DoesNotContain("look=", world.Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cell_shows_its_nearest_training_image_and_its_way()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        var near = new SampleNeighbours
        {
            File = "near.png", Sha256 = new string('c', 64), Extractor = "fashion-mnist-cnn-2", Dataset = "<b>shapes</b>", Images = 500, Indices = [.. Enumerable.Range(100, 36)], Distances = [.. Enumerable.Repeat(2.5, 36)], Typical = 2,
        };
        var way = new SampleTrajectory { File = "way.png", Sha256 = new string('d', 64), Cells = 4, Times = [1, 0.5, 0] };
        await ShipAsync(world, 1, Grid(100, 1) with { Neighbours = near }, Grid(100, 8) with { Neighbours = near, Trajectory = way });

        var page = world.Open<RunPage>("/runs/1?tab=samples&cell=1&at=3", parameters => parameters.Add(page => page.Id, 1));

        page.WaitForAssertion(() => Assert.Contains("Image 103 of <b>shapes</b>, counted from 0; 500 were looked at. Distance 2.5 by fashion-mnist-cnn-2", page.Find(".cell-panel").TextContent, StringComparison.Ordinal));
        Assert.Contains("/api/v1/runs/1/samples/1/neighbours.png", page.Find(".cell-panel").InnerHtml, StringComparison.Ordinal);
        Assert.Equal(["1", "0.5", "0"], page.FindAll(".cell-way li span:last-child").Select(time => time.TextContent));
        // The ways are those of the largest NFE, and it says so.
        Assert.Contains("/api/v1/runs/1/samples/2/trajectory.png", page.Find(".cell-way").InnerHtml, StringComparison.Ordinal);
        Assert.Contains("at NFE 8, the largest", page.Find(".cell-panel").TextContent, StringComparison.Ordinal);

        await page.InvokeAsync(() => page.Find(".cell-noise input").Change("20"));

        page.WaitForAssertion(() => Assert.Contains("The ways of noises 0 to 3 are kept", page.Find(".cell-panel").TextContent, StringComparison.Ordinal));
        Assert.Contains("at=20", world.Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grid_without_them_says_which_key_to_set()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        await ShipAsync(world, 1, Grid(100, 8));

        var page = world.Open<RunPage>("/runs/1?tab=samples&cell=1", parameters => parameters.Add(page => page.Id, 1));

        page.WaitForAssertion(() => Assert.Equal(["samples.neighbours", "true", "samples.trajectories"], page.FindAll(".cell-panel code").Select(key => key.TextContent)));
    }

    [Fact]
    public async Task Sliders_over_a_sweeps_parameters_pick_the_run()
    {
        await using var world = await PageWorld.CreateAsync();
        var sweep = await world.SubmitAsync("name: rates\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: { logUniform: [1e-4, 1e-2] } }\nsearch: { method: random, trials: 3, seed: 4 }\n");
        for (var run = 1; run <= 3; run++)
        {
            await ShipAsync(world, run, Grid(100, 8));
        }

        var page = world.Open<SweepPage>($"/sweeps/{sweep}?pick.optimizer.learningRate=0.0001", parameters => parameters.Add(page => page.Id, sweep));

        page.WaitForAssertion(() => Assert.Contains("The nearest is", page.Find(".sweep-samples-pick").TextContent, StringComparison.Ordinal));
        var lowest = page.Find(".sweep-samples-pick a").GetAttribute("href");
        Assert.Single(page.FindAll(".matrix-cell"));

        await page.InvokeAsync(() => page.Find(".sweep-samples input[type=range]").Input("100"));

        page.WaitForAssertion(() => Assert.NotEqual(lowest, page.Find(".sweep-samples-pick a").GetAttribute("href")));
        Assert.Contains("instead of 0.01", page.Find(".sweep-samples-pick").TextContent, StringComparison.Ordinal);
        Assert.Contains("pick.optimizer.learningRate=0.01", world.Address, StringComparison.Ordinal);
    }

    /// <summary>Takes the next run, which is that one, and stores its grids.</summary>
    private static async Task ShipAsync(PageWorld world, long run, params SamplesSaved[] grids)
    {
        var assigned = await world.ClaimAsync();
        Assert.Equal(run, assigned.RunId);
        await world.ShipAsync(assigned, [.. grids, new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 100 }]);
    }

    private static SamplesSaved Grid(int step, int nfe) => new()
    {
        Step = step, Solver = "euler", Nfe = nfe, NoiseBank = 1, Rows = 6, Columns = 6, CellWidth = 28, CellHeight = 28, File = $"samples/{step}-{nfe}.png", Sha256 = new string((char)('a' + (step + nfe) % 6), 64), Bytes = 10,
    };
}
