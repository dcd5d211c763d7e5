using Bunit;
using CatchUp.Dashboard.Compare;
using CatchUp.Dashboard.Tests.Support;

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
}
