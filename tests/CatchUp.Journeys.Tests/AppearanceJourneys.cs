using CatchUp.Journeys.Tests.Browser;
using Microsoft.Playwright;

namespace CatchUp.Journeys.Tests;

/// <summary>
/// Every page at two widths and in both themes: no console error, no outside request, nothing serious from axe, no sideways scrolling.
/// The pictures are left in the folder that CATCHUP_SCREENSHOTS names, for people to look at.
/// </summary>
public sealed class AppearanceJourneys(AppearancePlatform platform) : IClassFixture<AppearancePlatform>
{
    private static readonly string[] Pages =
    [
        "/", "/sweeps", "/sweeps/1", "/sweeps/new", "/runs", "/runs/1", "/runs/1?tab=samples", "/runs/1?tab=fid", "/runs/1?tab=metrics",
        "/runs/1?tab=configuration", "/runs/1?tab=log", "/runs/1?tab=environment", "/runs/1?tab=checkpoints", "/runs/1?tab=history",
        "/compare?runs=1,2", "/compare", "/queue", "/workers", "/no/such/page", "/runs/999",
    ];

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Every_page_is_clean(int width, ColorScheme scheme)
    {
        await using var browser = await ChromiumBrowser.StartAsync();
        var problems = new List<string>();
        foreach (var address in Pages)
        {
            await using var tab = await browser.OpenAsync(platform.Address, width, 800, scheme);
            try
            {
                var expectedNotFound = address == "/no/such/page";
                var answer = await tab.Page.GotoAsync(address);
                Assert.Equal(expectedNotFound ? 404 : 200, answer!.Status);
                await tab.Page.Locator("main h1").WaitForAsync();
                // Charts draw and pictures load after the page.
                await tab.Page.WaitForTimeoutAsync(700);
                await PictureAsync(tab.Page, address, width, scheme);
                await tab.AssertAccessibleAsync($"{address} at {width} in {scheme}");
                var overflow = await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
                Assert.True(overflow <= 0, $"{address} at {width} scrolls sideways by {overflow} pixels.");
                Assert.Contains("CatchUp Platform", await tab.Page.TitleAsync(), StringComparison.Ordinal);
                if (!expectedNotFound)
                {
                    tab.AssertNoComplaints();
                }
            }
            catch (Exception problem) when (problem is Xunit.Sdk.XunitException or TimeoutException or PlaywrightException)
            {
                problems.Add($"{address}: {problem.Message}");
            }
        }

        Assert.Empty(problems);
    }

    private static async Task PictureAsync(IPage page, string address, int width, ColorScheme scheme)
    {
        if (Environment.GetEnvironmentVariable("CATCHUP_SCREENSHOTS") is not { Length: > 0 } folder)
        {
            return;
        }

        var name = string.Concat(address.Trim('/').Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{(name.Length == 0 ? "home" : name)}-{width}-{scheme}.png") });
    }
}
