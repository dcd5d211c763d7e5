using System.Globalization;
using System.Text.RegularExpressions;
using CatchUp.Journeys.Tests.Browser;
using CatchUp.Journeys.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CatchUp.Journeys.Tests;

/// <summary>What runs were configured to against what came of it, in a real Chromium on runs that were really trained.</summary>
public sealed partial class ParametersJourneys
{
    private const string Hostile = "<img src=x onerror=alert(1)>";

    [Fact]
    public async Task Runs_are_chosen_on_axes_and_followed_to_their_comparison()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        await using var platform = new PlatformProcess(home.Path);
        await platform.StartAsync(cancellation);
        await platform.Api.SubmitAsync(TinySweep.OneRun($"\"{Hostile}\"", iterations: 10) + "\nspace: { optimizer.learningRate: [1e-4, 1e-3, 1e-2], training.batchSize: [4, 8] }\nobjective: { metric: fid, solver: euler, nfe: 2 }", cancellation);
        Assert.All(await platform.Api.WaitForEndAsync(TimeSpan.FromMinutes(4), cancellation), run => Assert.Equal("completed", run["state"]!.GetValue<string>()));
        await using var browser = await ChromiumBrowser.StartAsync();
        await using var tab = await browser.OpenAsync(platform.Address);
        var page = tab.Page;
        page.Dialog += (_, dialog) => Assert.Fail($"A name was run: {dialog.Message}");
        await page.GotoAsync("/sweeps/1");
        await page.GetByRole(AriaRole.Link, new() { Name = "Parameters", Exact = true }).ClickAsync();
        var count = page.Locator(".chosen-count");
        var rows = page.Locator(".chosen-runs tbody tr th a");
        await Expect(count).ToHaveTextAsync("6 runs");
        await Expect(rows).ToHaveCountAsync(6);
        await Expect(page.Locator("#importance-heading ~ p[role=status]")).ToContainTextAsync("Not enough runs to tell: 6 different configurations");
        await Expect(page.Locator("[data-slice]")).ToHaveCountAsync(2);
        await WaitForInkAsync(page, "[data-parallel] canvas[data-layer=top]");
        await WaitForInkAsync(page, "[data-scatter] canvas");
        await WaitForInkAsync(page, "[data-slice] canvas");
        await tab.AssertAccessibleAsync("the parameters of a sweep");

        // The upper quarter of the first axis: its largest value.
        var parallel = page.Locator("[data-parallel]");
        var box = (await parallel.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + 28, box.Y + 40);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + 28, box.Y + 80);
        await page.Mouse.MoveAsync(box.X + 28, box.Y + 130);
        await page.Mouse.UpAsync();
        await Expect(count).ToHaveTextAsync(OfSix());
        var chosen = int.Parse((await count.InnerTextAsync()).Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.InRange(chosen, 1, 3);
        await Expect(rows).ToHaveCountAsync(chosen);
        await Expect(page.Locator($".chart-host[aria-label^='FID over NFE: {chosen} lines']")).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(Brushed());

        // A click on the axis chooses any again, and the fields do the same as dragging.
        await page.Mouse.ClickAsync(box.X + 28, box.Y + 200);
        await Expect(count).ToHaveTextAsync("6 runs");
        await page.Locator("summary", new() { HasText = "Choose runs by values" }).ClickAsync();
        await page.GetByLabel("learningRate from").FillAsync("5e-4");
        await page.Keyboard.PressAsync("Tab");
        await Expect(count).ToHaveTextAsync("4 of 6 runs chosen");
        await Expect(page).ToHaveURLAsync(new Regex("brush=optimizer\\.learningRate:0\\.0005\\.\\."));
        await page.GetByLabel("batchSize to").FillAsync("four");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByText("A number, such as 0.001 or 1e-3.")).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(count).ToHaveTextAsync("4 of 6 runs chosen");
        await Expect(rows).ToHaveCountAsync(4);

        // The pointer tells a run by its name, which is text.
        await WaitForInkAsync(page, "[data-scatter] canvas");
        var scatter = page.Locator("[data-scatter]");
        await scatter.ScrollIntoViewIfNeededAsync();
        var plot = (await scatter.BoundingBoxAsync())!;
        var tip = scatter.Locator(".chart-tip");
        for (var y = 10; y < 290 && !await tip.IsVisibleAsync(); y += 6)
        {
            foreach (var x in new[] { 0.48, 0.52, 0.97 })
            {
                await page.Mouse.MoveAsync(plot.X + 46 + (float)((plot.Width - 58) * x), plot.Y + y);
                await page.WaitForTimeoutAsync(150);
                if (await tip.IsVisibleAsync())
                {
                    break;
                }
            }
        }

        await Expect(tip).ToContainTextAsync(Hostile);
        await Expect(tip.Locator("img")).ToHaveCountAsync(0);

        // Those four side by side; what is chosen among them there, the other parts show alone.
        await page.GetByRole(AriaRole.Link, new() { Name = "Compare these" }).ClickAsync();
        await Expect(page.Locator(".compared-run")).ToHaveCountAsync(4);
        await page.GetByRole(AriaRole.Link, new() { Name = "Parameters", Exact = true }).ClickAsync();
        await Expect(count).ToHaveTextAsync("4 runs");
        await page.Locator("summary", new() { HasText = "Choose runs by values" }).ClickAsync();
        await page.GetByLabel("batchSize from").FillAsync("8");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator(".brushed-chip")).ToContainTextAsync("2 of 4 runs");
        await page.GetByRole(AriaRole.Link, new() { Name = "FID–NFE" }).ClickAsync();
        await Expect(page.Locator(".chart-legend li")).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Link, new() { Name = "Differences" }).ClickAsync();
        await Expect(page.Locator(".differences tbody code")).ToHaveTextAsync(["optimizer.learningRate"]);
        await Expect(page.GetByText("The chosen runs differ in optimizer.learningRate alone")).ToBeVisibleAsync();
        await tab.AssertAccessibleAsync("what differs between two chosen runs");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show all compared runs" }).ClickAsync();
        await Expect(page.Locator(".differences tbody code")).ToHaveTextAsync(["training.batchSize", "optimizer.learningRate"], new() { UseInnerText = true });
        tab.AssertNoComplaints();
    }

    /// <summary>Something has been drawn: an empty canvas is transparent.</summary>
    private static Task WaitForInkAsync(IPage page, string canvas) => page.WaitForFunctionAsync(
        "selector => { const canvas = document.querySelector(selector); return canvas && canvas.width > 0 && canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(value => value > 0); }", canvas);

    [GeneratedRegex("^[1-3] of 6 runs chosen$")]
    private static partial Regex OfSix();

    [GeneratedRegex("brush=(training\\.batchSize|optimizer\\.learningRate):")]
    private static partial Regex Brushed();
}
