using Bunit;
using CatchUp.Dashboard.Compare;
using CatchUp.Dashboard.Tests.Parameters;
using CatchUp.Dashboard.Tests.Support;

namespace CatchUp.Dashboard.Tests.Compare;

public sealed class ConfigurationDifferencesTests
{
    [Fact]
    public async Task Keys_are_ranked_by_what_they_explain_and_the_rest_is_told()
    {
        await using var world = await PageWorld.CreateAsync();
        await Trained.Async(world, Trained.Sweep, runs: 30);

        // rk12 and rk34 at the ends of the rates.
        var page = world.Open<ComparePage>("/compare?runs=1,2,29,30&tab=differences");

        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".differences tfoot tr")), TimeSpan.FromMinutes(1));
        Assert.Equal(["objective.order", "optimizer.learningRate", "seed"], page.FindAll(".differences tbody code").Select(key => key.TextContent));
        Assert.Contains("as a forest over 30 runs has learnt it (the runs of its sweep;", page.Markup, StringComparison.Ordinal);

        // Counted from the first run of the better configuration, which stands first.
        var heads = page.FindAll(".differences thead th").Skip(2).Select(head => head.TextContent).ToList();
        Assert.EndsWith("(from here)", heads[0], StringComparison.Ordinal);
        var first = page.Find("select[aria-label='Run that differences are counted from']").GetAttribute("value");
        Assert.Equal("29", first);
        var feet = page.FindAll(".differences tfoot tr").Select(row => row.QuerySelectorAll("td").Select(cell => cell.TextContent).ToList()).ToList();
        Assert.Equal("", feet[0][0]);
        Assert.Equal("+26", feet[0][1]);
        Assert.All(feet.Skip(1).SelectMany(row => row.Skip(1)), cell => Assert.Matches("^[+−0]", cell));

        await page.InvokeAsync(() => page.Find("select[aria-label='Run that differences are counted from']").Change("1"));
        page.WaitForAssertion(() => Assert.Equal("−26", page.FindAll(".differences tfoot tr")[0].QuerySelectorAll("td")[2].TextContent), TimeSpan.FromMinutes(1));
        Assert.Contains("reference=1", world.Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_too_few_runs_the_keys_stand_in_plain_order()
    {
        await using var world = await PageWorld.CreateAsync();
        await Trained.Async(world, Trained.Sweep, runs: 4);

        var page = world.Open<ComparePage>("/compare?runs=1,3&tab=differences");

        page.WaitForAssertion(() => Assert.Contains("Not enough runs to tell: 2 different configurations have a finite value", page.Markup, StringComparison.Ordinal), TimeSpan.FromMinutes(1));
        Assert.Contains("The chosen runs differ in optimizer.learningRate alone", page.Markup, StringComparison.Ordinal);
        Assert.Equal("optimizer.learningRate", Assert.Single(page.FindAll(".differences tbody code")).TextContent);
        Assert.Empty(page.FindAll(".differences tfoot"));
    }

    [Fact]
    public async Task Runs_without_numbers_are_not_explained()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(Trained.Sweep);

        var page = world.Open<ComparePage>("/compare?runs=1,30&tab=differences");

        page.WaitForAssertion(() => Assert.Contains("To rank these keys, two of the runs need FID @ NFE 4, measured alike; none of them has it.", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_chosen_by_parameters_limits_the_other_parts()
    {
        await using var world = await PageWorld.CreateAsync();
        await Trained.Async(world, Trained.Sweep, runs: 30);
        var page = world.Open<ComparePage>("/compare?runs=1,3,11,13,21,23&tab=differences&brush=objective.order:rk12,rk23");

        page.WaitForAssertion(() => Assert.Equal("4 of 6 runs chosen by parameters clear", page.Find(".brushed-chip").TextContent.Trim()));
        Assert.Equal(4, page.FindAll(".differences thead .swatch").Count);
        Assert.Equal(6, page.FindAll(".compared-run").Count);

        await page.InvokeAsync(() => page.Find("button[aria-label='clear the choice of runs']").Click());
        page.WaitForAssertion(() => Assert.Equal(6, page.FindAll(".differences thead .swatch").Count));
        Assert.Equal("compare?runs=1,3,11,13,21,23&tab=differences", world.Address);
        Assert.Empty(page.FindAll(".brushed-chip"));
    }

    [Fact]
    public async Task The_parameters_of_compared_runs_are_a_part_of_the_comparison()
    {
        await using var world = await PageWorld.CreateAsync();
        await Trained.Async(world, Trained.Sweep, runs: 30);
        var page = world.Open<ComparePage>("/compare?runs=1,3,11,13,21,23&tab=parameters");
        page.WaitForAssertion(() => Assert.Equal("6 runs", page.Find(".chosen-count").TextContent));

        await page.InvokeAsync(() => page.Find("input[aria-label='FID @ NFE 4 to']").Change("15"));

        page.WaitForAssertion(() => Assert.StartsWith("2 of 6 runs", page.Find(".brushed-chip").TextContent, StringComparison.Ordinal));
        page.WaitForAssertion(() => Assert.Equal("2 of 6 runs chosen", page.Find(".chosen-count").TextContent));
        Assert.Equal("compare?runs=1,3,11,13,21,23&tab=parameters&brush=value:..15", world.Address);
    }
}
