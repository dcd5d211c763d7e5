using Bunit;
using CatchUp.Dashboard.Sweeps;
using CatchUp.Dashboard.Tests.Support;

namespace CatchUp.Dashboard.Tests.Sweeps;

public sealed class SweepsPageTests
{
    [Fact]
    public async Task List_without_sweeps_says_what_to_do()
    {
        await using var world = await PageWorld.CreateAsync();

        var page = world.Open<SweepsPage>("/sweeps");

        page.WaitForAssertion(() => Assert.Contains("Write a sweep", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_shows_what_the_address_asks_for_and_names_as_text()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync("name: other\nbase: { preset: fashion-tiny }\n");
        await world.SubmitAsync("name: \"<script>alert(1)</script>\"\nbase: { preset: fashion-tiny }\n");

        var page = world.Open<SweepsPage>("/sweeps?q=script");

        page.WaitForAssertion(() => Assert.Single(page.FindAll("tr.sweep")));
        Assert.Equal("<script>alert(1)</script>", page.Find("a.name").TextContent);
        Assert.Empty(page.FindAll("script"));
    }
}
