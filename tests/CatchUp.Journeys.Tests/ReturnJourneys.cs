using CatchUp.Journeys.Tests.Browser;
using CatchUp.Journeys.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CatchUp.Journeys.Tests;

/// <summary>Pages that are open while the server is killed and started again come back by themselves, as they were.</summary>
public sealed class ReturnJourneys
{
    private const string List = "/runs?q=objective.kind%20%3D%20catch-up%20and%20sweep:Orders&sort=name&selected=5,8";
    private const string Comparison = "/compare?runs=1,4,7&view=20-120";

    private static readonly LocatorAssertionsToBeVisibleOptions Soon = new() { Timeout = 30_000 };

    [Fact]
    public async Task Pages_come_back_as_they_were_after_the_server_was_killed()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var recorded = await RecordedHome.StartAsync(cancellation);
        await using var browser = await ChromiumBrowser.StartAsync();
        await using var list = await browser.OpenAsync(recorded.Platform.Address, height: 500);
        await using var comparison = await browser.OpenAsync(recorded.Platform.Address);
        await using var form = await browser.OpenAsync(recorded.Platform.Address);
        await using var note = await browser.OpenAsync(recorded.Platform.Address);

        await list.Page.GotoAsync(List);
        await Expect(list.Page.Locator("tr.run-row[data-run]")).ToHaveCountAsync(6);
        var address = list.Page.Url;
        await comparison.Page.GotoAsync(Comparison);
        await Expect(comparison.Page.Locator(".chart-host canvas").First).ToBeVisibleAsync();
        await Expect(comparison.Page.Locator("main")).ToContainTextAsync("What differs in the configuration");
        await comparison.Page.EvaluateAsync("document.querySelector('main').closest('*').scrollIntoView(); for (const e of document.querySelectorAll('*')) if (e.scrollHeight > e.clientHeight + 300 && getComputedStyle(e).overflowY !== 'visible' || e === document.scrollingElement) e.scrollTop = 250;");
        var scrolled = await ScrolledAsync(comparison.Page);
        Assert.True(scrolled > 0, "The comparison does not scroll, so that this test shows nothing.");

        // Typed, and long enough ago to have reached the server.
        await form.Page.GotoAsync("/sweeps/new?tab=yaml");
        var editor = form.Page.Locator("textarea.yaml-text");
        await editor.FillAsync("name: kept\nbase: { preset: fashion-tiny }\n");
        await form.Page.WaitForTimeoutAsync(1500);

        // A note that was never saved anywhere.
        await note.Page.GotoAsync("/runs/5");
        await note.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("note", System.Text.RegularExpressions.RegexOptions.IgnoreCase) }).First.ClickAsync();
        await Expect(note.Page.GetByRole(AriaRole.Textbox, new() { Name = "Note" })).ToBeFocusedAsync();
        await note.Page.GetByRole(AriaRole.Textbox, new() { Name = "Note" }).FillAsync("Looks good at NFE 2.");

        await recorded.Platform.KillAllAsync();
        foreach (var tab in (WatchedPage[])[list, comparison, form, note])
        {
            await Expect(tab.Page.GetByText("The server is away; trying again.")).ToBeVisibleAsync(Soon);
        }

        await list.AssertAccessibleAsync("a list while the server is away");
        await PictureAsync(list.Page, "server-away");

        // Typed while nobody listens.
        await editor.PressSequentiallyAsync("replicates: 3\n");
        await recorded.Platform.StartAsync(cancellation);

        foreach (var tab in (WatchedPage[])[list, comparison, form, note])
        {
            await Expect(tab.Page.GetByText("The server is away; trying again.")).ToBeHiddenAsync(new() { Timeout = 30_000 });
        }

        await Expect(list.Page.Locator("tr.run-row[data-run]")).ToHaveCountAsync(6, new() { Timeout = 30_000 });
        await Expect(list.Page.Locator("tr.run-row.selected")).ToHaveCountAsync(2);
        Assert.Equal(address, list.Page.Url);
        await list.Page.Locator("td.cell-select input").First.ClickAsync();
        await Expect(list.Page.Locator("tr.run-row.selected")).ToHaveCountAsync(3);

        await Expect(comparison.Page.GetByRole(AriaRole.Button, new() { Name = "Show all" })).ToBeVisibleAsync(Soon);
        Assert.EndsWith(Comparison, comparison.Page.Url, StringComparison.Ordinal);
        await comparison.Page.WaitForFunctionAsync($"() => Math.max(...[...document.querySelectorAll('*')].map(e => e.scrollTop)) === {scrolled}");

        await Expect(editor).ToHaveValueAsync("name: kept\nbase: { preset: fashion-tiny }\nreplicates: 3\n", new() { Timeout = 30_000 });
        await Expect(form.Page.Locator("main")).ToContainTextAsync("3 replicates", new() { Timeout = 30_000 });

        // Its editor is closed after a new drawing: what was in it is shown to be taken along.
        await Expect(note.Page.Locator("#connection pre")).ToHaveTextAsync("Looks good at NFE 2.", new() { Timeout = 30_000 });
        await note.AssertAccessibleAsync("a page that is back without its editor");
        await PictureAsync(note.Page, "server-back");
    }

    private static Task<int> ScrolledAsync(IPage page) => page.EvaluateAsync<int>("Math.max(...[...document.querySelectorAll('*')].map(e => e.scrollTop))");

    private static async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("CATCHUP_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png") });
        }
    }
}
