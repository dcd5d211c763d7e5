using CatchUp.Journeys.Tests.Browser;
using CatchUp.Journeys.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CatchUp.Journeys.Tests;

/// <summary>Writing, freezing and sending a report, in a real Chromium on runs that were really trained.</summary>
public sealed class ReportJourneys
{
    [Fact]
    public async Task A_report_is_written_frozen_outlives_its_runs_and_opens_offline_as_one_file()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        await using var platform = new PlatformProcess(home.Path);
        await platform.StartAsync(cancellation);
        await platform.Api.SubmitAsync(TinySweep.TwoRuns(name: "\"<script>alert('name')</script>\"", iterations: 40), cancellation);
        Assert.All(await platform.Api.WaitForEndAsync(TimeSpan.FromMinutes(3), cancellation), run => Assert.Equal("completed", run["state"]!.GetValue<string>()));
        await using var browser = await ChromiumBrowser.StartAsync();
        await using var tab = await browser.OpenAsync(platform.Address);
        var page = tab.Page;
        var text = page.GetByRole(AriaRole.Textbox, new() { Name = "Text of the report (Markdown)" });
        var save = page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true });

        // Written, with a block of every kind put in.
        await page.GotoAsync("/reports");
        await Expect(page.GetByText("No report has been written yet.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Write a report" }).ClickAsync();
        await page.GetByLabel("Title", new() { Exact = true }).FillAsync("Rectified flow & RK12");
        await Expect(text).ToBeEditableAsync();
        await text.FillAsync("# What came of it\n\n<img src=x onerror=alert(1)> stays **text**.\n");
        await Expect(page.Locator(".report-prose strong")).ToHaveTextAsync("text");
        foreach (var name in new[] { "Curves", "FID over NFE", "Samples", "Table" })
        {
            await text.PressAsync("Control+End");
            await page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
            var dialog = page.GetByRole(AriaRole.Dialog);
            await dialog.Locator(".run-picker-list button").First.ClickAsync();
            await Expect(dialog.Locator(".insert-chosen li")).ToHaveCountAsync(1);
            await dialog.Locator(".run-picker-list button").First.ClickAsync();
            await Expect(dialog.Locator(".insert-chosen li")).ToHaveCountAsync(2);
            if (name == "Curves")
            {
                await tab.AssertAccessibleAsync("inserting a block");
            }

            await dialog.GetByRole(AriaRole.Button, new() { Name = "Insert" }).ClickAsync();
            await dialog.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        }

        await Expect(page.Locator(".report-block")).ToHaveCountAsync(4);
        await Expect(page.Locator(".report-matrix img")).ToHaveCountAsync(4);
        await Expect(page.Locator(".report-table tbody tr")).ToHaveCountAsync(2);
        await page.Keyboard.PressAsync("Control+s");
        await Expect(page.GetByText("Saved as version 1.")).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/reports/1\\?edit=1$"));

        // Leaving what is not saved is asked about.
        await text.PressAsync("Control+End");
        await text.PressSequentiallyAsync("\n\nOne more line.");
        await Expect(page.GetByText("Not saved")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Queue" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep as it is" }).ClickAsync();
        await Expect(text).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("One more line\\.$"));

        // Another one saves meanwhile: both texts are at hand.
        await using (var other = await browser.OpenAsync(platform.Address))
        {
            await other.Page.GotoAsync("/reports/1");
            await Expect(other.Page.Locator(".report-badge.live")).ToHaveCountAsync(4);
            await other.Page.Keyboard.PressAsync("e");
            await other.Page.GetByLabel("Title", new() { Exact = true }).FillAsync("Theirs");
            await other.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
            await Expect(other.Page.GetByText("Saved as version 2.")).ToBeVisibleAsync();
        }

        await save.ClickAsync();
        await Expect(page.GetByText("Yours is not stored yet, and nothing is lost.")).ToBeVisibleAsync();
        await tab.AssertAccessibleAsync("a conflict");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save mine over version 2" }).ClickAsync();
        await Expect(page.GetByText("Saved as version 3.")).ToBeVisibleAsync();

        // What a crashed tab had typed is offered again.
        await text.PressAsync("Control+End");
        await text.PressSequentiallyAsync(" And this was lost.");
        page.Dialog += (_, dialog) => dialog.AcceptAsync();
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Restore it" }).ClickAsync();
        await Expect(text).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("And this was lost\\.$"));
        await save.ClickAsync();
        await Expect(page.GetByText("Saved as version 4.")).ToBeVisibleAsync();

        // Frozen blocks stay when their runs go.
        await page.GetByRole(AriaRole.Button, new() { Name = "Read", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Edit", Exact = true })).ToBeVisibleAsync();
        await Expect(page.Locator(".report-badge.live")).ToHaveCountAsync(4);
        for (var frozen = 1; frozen <= 4; frozen++)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Freeze", Exact = true }).First.ClickAsync();
            await Expect(page.Locator(".report-badge.frozen")).ToHaveCountAsync(frozen);
        }

        var hashes = await page.Locator(".report-hash").AllTextContentsAsync();
        await page.GotoAsync("/runs/1");
        await page.GetByRole(AriaRole.Button, new() { Name = "More commands for this run" }).ClickAsync();
        await page.GetByText("Delete", new() { Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/(sweeps|runs)"));
        await page.WaitForURLAsync(address => !address.Contains("/runs/1", StringComparison.Ordinal));
        await page.GotoAsync("/reports/1");
        await Expect(page.Locator(".report-changed")).ToHaveCountAsync(4);
        await Expect(page.Locator(".report-changed").First).ToContainTextAsync("(run 1) is gone.");
        Assert.Equal(hashes, await page.Locator(".report-hash").AllTextContentsAsync());
        await Expect(page.Locator(".report-matrix img")).ToHaveCountAsync(4);
        await page.Locator(".report-matrix").ScrollIntoViewIfNeededAsync();
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.report-matrix img')].every(image => image.complete && image.naturalWidth > 0)");
        await tab.AssertAccessibleAsync("a report with frozen blocks");

        // One file, with the network gone.
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync());
        var file = Path.Combine(home.Path, download.SuggestedFilename);
        await download.SaveAsAsync(file);
        tab.AssertNoComplaints();
        foreach (var (width, scheme) in new[] { (1280, ColorScheme.Dark), (390, ColorScheme.Light) })
        {
            await using var offline = await browser.OpenAsync(new Uri("file:///"), width, 800, scheme);
            var requests = new List<string>();
            offline.Page.Request += (_, request) => requests.Add(request.Url);
            await offline.Page.Context.SetOfflineAsync(true);
            await offline.Page.GotoAsync(new Uri(file).AbsoluteUri);
            await Expect(offline.Page.Locator("figure.block")).ToHaveCountAsync(4);
            await Expect(offline.Page.Locator("figure.block svg")).ToHaveCountAsync(2);
            Assert.Equal(4, await offline.Page.EvaluateAsync<int>("[...document.images].filter(image => image.naturalWidth > 0).length"));
            foreach (var hash in hashes)
            {
                await Expect(offline.Page.GetByText(hash)).ToBeVisibleAsync();
            }

            await offline.Page.GetByText("Data of loss").ClickAsync();
            await Expect(offline.Page.Locator("details[open] tbody tr").First).ToBeVisibleAsync();
            Assert.Equal(scheme == ColorScheme.Dark ? "rgb(15, 18, 21)" : "rgb(255, 255, 255)", await offline.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
            Assert.True(await offline.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0);
            await offline.AssertAccessibleAsync($"the exported file at {width} in {scheme}");
            Assert.All(requests.Skip(1), request => Assert.StartsWith("data:", request, StringComparison.Ordinal));
            offline.AssertNoComplaints();
            if (Environment.GetEnvironmentVariable("CATCHUP_SCREENSHOTS") is { Length: > 0 } folder)
            {
                await offline.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"report-file-{width}-{scheme}.png"), FullPage = true });
            }
        }

        // Deleted, by name.
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Deletes “Rectified flow & RK12”, version 8 and the data of 4 frozen blocks.");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(page.GetByText("No report has been written yet.")).ToBeVisibleAsync();
    }
}
