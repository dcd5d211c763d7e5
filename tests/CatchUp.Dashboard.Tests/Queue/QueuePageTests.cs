using Bunit;
using CatchUp.Dashboard.Queue;
using CatchUp.Dashboard.Tests.Support;

namespace CatchUp.Dashboard.Tests.Queue;

public sealed class QueuePageTests
{
    [Fact]
    public async Task Queue_says_what_runs_where_and_why_the_rest_waits_in_order()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync("name: line\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: [1e-4, 1e-3, 1e-2] }\nschedule: { maxParallel: 1 }\n");
        await world.BeatAsync(null);
        var running = await world.ClaimAsync();
        await world.BeatAsync(running);

        var page = world.Open<QueuePage>("/queue");

        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("#queue-running")));
        var now = page.Find("section[aria-labelledby=queue-running]").TextContent;
        Assert.Contains(running.Name, now, StringComparison.Ordinal);
        Assert.Contains("test-worker", now, StringComparison.Ordinal);
        var rows = page.FindAll("section[aria-labelledby=queue-waiting] tbody tr");
        Assert.Equal(["1", "2"], rows.Select(row => row.Children[0].TextContent));
        Assert.All(rows, row => Assert.Contains("at most 1", row.QuerySelector(".why")!.TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Queue_with_nothing_in_it_says_so()
    {
        await using var world = await PageWorld.CreateAsync();

        var page = world.Open<QueuePage>("/queue?page=nonsense");

        page.WaitForAssertion(() => Assert.Contains("Nothing waits.", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Queue_is_reordered_with_buttons_that_say_what_they_move()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync("name: line\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: [1e-4, 1e-3, 1e-2] }\n");
        var page = world.Open<QueuePage>("/queue");
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll("section[aria-labelledby=queue-waiting] tbody tr").Count));
        var before = Names(page);
        Assert.All(page.FindAll("section[aria-labelledby=queue-waiting] tbody tr"), row => Assert.Contains("unknown", row.TextContent, StringComparison.Ordinal));

        await page.InvokeAsync(() => page.Find($"button[aria-label='Move {before[2]} up']").Click());
        page.WaitForAssertion(() => Assert.Equal([before[0], before[2], before[1]], Names(page)));
        await page.InvokeAsync(() => page.Find($"button[aria-label='Move {before[0]} down']").Click());
        page.WaitForAssertion(() => Assert.Equal([before[2], before[0], before[1]], Names(page)));
        await page.InvokeAsync(() => page.Find($"button[aria-label='Move {before[1]} to the top']").Click());
        page.WaitForAssertion(() => Assert.Equal([before[1], before[2], before[0]], Names(page)));
        Assert.True(page.Find($"button[aria-label='Move {before[1]} up']").HasAttribute("disabled"));
    }

    private static List<string> Names(IRenderedComponent<QueuePage> page) => [.. page.FindAll("section[aria-labelledby=queue-waiting] tbody tr td.main > a:first-child").Select(link => link.TextContent)];
}
