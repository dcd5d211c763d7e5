using System.Globalization;
using System.Text.RegularExpressions;
using CatchUp.Journeys.Tests.Browser;
using CatchUp.Journeys.Tests.Platform;
using Microsoft.Data.Sqlite;
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
        await RecordedHome.UnpackAsync(home.Path, cancellation);
        await RenameAsync(Path.Combine(home.Path, "catchup.db"), cancellation);
        await using var platform = new PlatformProcess(home.Path);
        await platform.StartAsync(cancellation);
        var rates = (await platform.Api.GetAsync("/api/v1/runs?filter=sweep:2&columns=optimizer.learningRate", cancellation))["items"]!.AsArray()
            .Select(run => run!["values"]!["optimizer.learningRate"]!.GetValue<double>()).Order().ToList();
        Assert.Equal(6, rates.Distinct().Count());
        await using var browser = await ChromiumBrowser.StartAsync();
        await using var tab = await browser.OpenAsync(platform.Address);
        var page = tab.Page;
        page.Dialog += (_, dialog) => Assert.Fail($"A name was run: {dialog.Message}");
        await page.GotoAsync("/sweeps/2");
        await page.GetByRole(AriaRole.Link, new() { Name = "Parameters", Exact = true }).ClickAsync();
        var count = page.Locator(".chosen-count");
        var rows = page.Locator(".chosen-runs tbody tr th a");
        await Expect(count).ToHaveTextAsync("6 runs");
        await Expect(rows).ToHaveCountAsync(6);
        await Expect(page.GetByText("Not enough runs to tell: 6 different configurations")).ToBeVisibleAsync();
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
        await Expect(rows).ToHaveCountAsync(chosen);
        await Expect(page.Locator($".chart-host[aria-label^='FID over NFE: {chosen} line']")).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(Brushed());

        // A click on the axis chooses any again, and the fields do the same as dragging.
        await page.Mouse.ClickAsync(box.X + 28, box.Y + 200);
        await Expect(count).ToHaveTextAsync("6 runs");
        await page.Locator("summary", new() { HasText = "Choose runs by values" }).ClickAsync();
        await page.GetByLabel("learningRate from").FillAsync(Written(rates[2]));
        await page.Keyboard.PressAsync("Tab");
        await Expect(count).ToHaveTextAsync("4 of 6 runs chosen");
        await Expect(page).ToHaveURLAsync(new Regex("brush=optimizer\\.learningRate:[0-9.]+\\.\\.$"));
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
        for (var y = 14; y < 280 && !await tip.IsVisibleAsync(); y += 8)
        {
            for (var x = 50; x < plot.Width - 12 && !await tip.IsVisibleAsync(); x += 12)
            {
                await page.Mouse.MoveAsync(plot.X + x, plot.Y + y);
            }

            // A run that the pointer rests on is asked for.
            await page.WaitForTimeoutAsync(20);
        }

        await Expect(tip).ToContainTextAsync(Hostile);
        await Expect(tip.Locator("img")).ToHaveCountAsync(0);

        // Those four side by side; what is chosen among them there, the other parts show alone.
        await page.GetByRole(AriaRole.Link, new() { Name = "Compare these" }).ClickAsync();
        await Expect(page.Locator(".compared-run")).ToHaveCountAsync(4);
        await page.GetByRole(AriaRole.Link, new() { Name = "Parameters", Exact = true }).ClickAsync();
        await Expect(count).ToHaveTextAsync("4 runs");
        await page.Locator("summary", new() { HasText = "Choose runs by values" }).ClickAsync();
        await page.GetByLabel("learningRate from").FillAsync(Written(rates[4]));
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator(".brushed-chip")).ToContainTextAsync("2 of 4 runs");
        await page.GetByRole(AriaRole.Link, new() { Name = "FID–NFE" }).ClickAsync();
        await Expect(page.Locator(".chart-host[aria-label*=': 2 lines']").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Differences" }).ClickAsync();
        await Expect(page.Locator(".differences tbody code", new() { HasText = "optimizer.learningRate" })).ToBeVisibleAsync();
        await Expect(page.Locator(".differences thead .swatch")).ToHaveCountAsync(2);
        await Expect(page.GetByText("Not enough runs to tell: 6 different configurations")).ToBeVisibleAsync();
        await tab.AssertAccessibleAsync("what differs between two chosen runs");
        await page.GetByRole(AriaRole.Button, new() { Name = "clear the choice of runs" }).ClickAsync();
        await Expect(page.Locator(".differences thead .swatch")).ToHaveCountAsync(4);
        tab.AssertNoComplaints();
    }

    private static string Written(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Gives every run a name that must never become a part of the page.</summary>
    private static async Task RenameAsync(string database, CancellationToken cancellation)
    {
        await using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        await connection.OpenAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE runs SET name = $name || id";
        command.Parameters.AddWithValue("$name", Hostile);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Something has been drawn: an empty canvas is transparent.</summary>
    private static Task<IJSHandle> WaitForInkAsync(IPage page, string canvas) => page.WaitForFunctionAsync(
        "selector => { const canvas = document.querySelector(selector); return canvas && canvas.width > 0 && canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(value => value > 0); }", canvas);

    [GeneratedRegex("^[1-5] of 6 runs chosen$")]
    private static partial Regex OfSix();

    [GeneratedRegex("brush=(training\\.batchSize|optimizer\\.learningRate):")]
    private static partial Regex Brushed();
}
