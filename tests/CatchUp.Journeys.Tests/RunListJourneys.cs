using System.Text.RegularExpressions;
using CatchUp.Journeys.Tests.Browser;
using CatchUp.Journeys.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CatchUp.Journeys.Tests;

/// <summary>Finding, arranging, grouping, naming and taking away runs, in a real Chromium on runs that were really trained.</summary>
public sealed partial class RunListJourneys
{
    [Fact]
    public async Task Runs_are_found_arranged_grouped_kept_and_exported()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        await using var platform = new PlatformProcess(home.Path);
        await platform.StartAsync(cancellation);
        await platform.Api.SubmitAsync(TinySweep.TwoRuns(iterations: 20).Replace("schedule:", "replicates: 2\nschedule:", StringComparison.Ordinal), cancellation);
        Assert.All(await platform.Api.WaitForEndAsync(TimeSpan.FromMinutes(3), cancellation), run => Assert.Equal("completed", run["state"]!.GetValue<string>()));
        await using var browser = await ChromiumBrowser.StartAsync();
        await using var tab = await browser.OpenAsync(platform.Address);
        var page = tab.Page;
        await page.GotoAsync("/runs");
        var rows = page.Locator("tr.run-row[data-run]");
        var filter = page.GetByRole(AriaRole.Combobox, new() { Name = "Filter", Exact = true });
        await Expect(rows).ToHaveCountAsync(4);

        // A mistake is shown at its place with the fix, and changes nothing.
        await filter.PressSequentiallyAsync("objectve.kind = catch-up");
        await Expect(page.Locator("#run-filter-problem")).ToContainTextAsync("Did you mean objective.kind?");
        await Expect(page.Locator("#run-filter-problem mark")).ToHaveTextAsync("objectve.kind");
        await Expect(rows).ToHaveCountAsync(4);
        await tab.AssertAccessibleAsync("a filter with a mistake");

        // Completed by keyboard.
        await filter.FillAsync("");
        await filter.PressSequentiallyAsync("objective.ki");
        var options = page.GetByRole(AriaRole.Listbox, new() { Name = "What may be written here" }).GetByRole(AriaRole.Option);
        await Expect(options.First).ToContainTextAsync("objective.kind");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(options.First).ToHaveAttributeAsync("aria-selected", "true");
        await page.Keyboard.PressAsync("Enter");
        await filter.PressSequentiallyAsync("= catch");
        await Expect(options.First).ToContainTextAsync("catch-up");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(options.First).ToHaveAttributeAsync("aria-selected", "true");
        await page.Keyboard.PressAsync("Tab");
        await Expect(filter).ToHaveValueAsync("objective.kind = catch-up ");
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(page).ToHaveURLAsync(Filtered());

        // Reading the address again shows the same.
        await page.ReloadAsync();
        await Expect(filter).ToHaveValueAsync("objective.kind = catch-up");
        await Expect(rows).ToHaveCountAsync(2);
        await filter.FillAsync("");
        await Expect(rows).ToHaveCountAsync(4);

        // A column more, sorted by it.
        await page.GetByRole(AriaRole.Button, new() { Name = "Columns", Exact = true }).ClickAsync();
        await page.GetByPlaceholder("A key, a metric, fid, a field").FillAsync("nfe=2");
        await page.Locator(".columns-offered button").First.ClickAsync();
        await tab.AssertAccessibleAsync("the choice of columns");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show these" }).ClickAsync();
        await page.Locator("th button.sort", new() { HasText = "FID @ NFE 2" }).ClickAsync();
        await Expect(page.Locator("th[aria-sort=ascending]")).ToContainTextAsync("FID @ NFE 2");
        var fids = (await page.Locator("tr.run-row[data-run] td.cell-number").AllInnerTextsAsync()).Where(text => text.Contains('±', StringComparison.Ordinal)).Select(text => double.Parse(text.Split('±')[0], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(4, fids.Count);
        Assert.Equal(fids.Order(), fids);

        // Tags, and taking them back.
        await page.Locator("td.cell-select input").Nth(0).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Tag", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Tag" }).FillAsync("night");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("Tagged 1 run night.")).ToBeVisibleAsync();
        await filter.FillAsync("tag:night");
        await Expect(rows).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(0);
        await filter.FillAsync("");
        await Expect(rows).ToHaveCountAsync(4);

        // Replicates in a line each, with their mean; a line leads to its runs.
        await page.GetByLabel("Group runs by").SelectOptionAsync("configuration");
        var groups = page.Locator("tr.group-row[data-runs='2']");
        await Expect(groups).ToHaveCountAsync(2);
        await Expect(groups.First).ToContainTextAsync("±");
        await tab.AssertAccessibleAsync("groups of runs");

        // Kept under a name, and found again from the plain list.
        await page.GetByRole(AriaRole.Button, new() { Name = "Views" }).ClickAsync();
        await page.EvaluateAsync("""
            () => {
                window.focused = [];
                document.addEventListener('focusin', ({ target }) => target.closest('.mud-dialog-container') && window.focused.push(target.tagName));
            }
            """);
        await page.GetByText("Keep this list as a view…").ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name of the view" }).FillAsync("replicates by FID");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("Kept as replicates by FID.")).ToBeVisibleAsync();

        // Nothing of the dialog took the focus from its field, where a key pressed at once would have been lost.
        var focused = await page.EvaluateAsync<string[]>("() => window.focused");
        Assert.NotEmpty(focused);
        Assert.All(focused, tag => Assert.Equal("INPUT", tag));
        var address = new Uri(page.Url).PathAndQuery;
        await page.GotoAsync("/runs");
        await Expect(rows).ToHaveCountAsync(4);
        await page.GetByRole(AriaRole.Button, new() { Name = "Views" }).ClickAsync();
        await page.GetByText("replicates by FID").ClickAsync();
        await Expect(groups).ToHaveCountAsync(2);
        Assert.Equal(address, new Uri(page.Url).PathAndQuery);
        await groups.First.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(rows).ToHaveCountAsync(2);

        // Exactly these two as a file.
        await page.GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByText("CSV", new() { Exact = true }).ClickAsync());
        var lines = (await File.ReadAllTextAsync(await download.PathAsync(), cancellation)).TrimEnd().Split("\r\n");
        Assert.Equal(3, lines.Length);
        Assert.Contains("fid[euler, nfe=2]", lines[0], StringComparison.Ordinal);
        tab.AssertNoComplaints();
    }

    [GeneratedRegex("q=objective\\.kind%20%3D%20catch-up")]
    private static partial Regex Filtered();
}
