using System.Text.RegularExpressions;
using CatchUp.Journeys.Tests.Browser;
using Microsoft.Playwright;

namespace CatchUp.Journeys.Tests;

/// <summary>
/// Every page at two widths and in both themes: no console error, no outside request, nothing serious from axe, no sideways scrolling.
/// The pictures are left in the folder that CATCHUP_SCREENSHOTS names, for people to look at.
/// </summary>
public sealed partial class AppearanceJourneys(AppearancePlatform platform) : IClassFixture<AppearancePlatform>
{
    private static readonly string[] Pages =
    [
        "/", "/sweeps", "/sweeps/1", "/sweeps/new", "/runs", "/runs?group=configuration&cols=objective.order,fid[euler,%20nfe=2],metric[loss]", "/runs?cols=name,objective.kind,fid[euler,%20nfe=2],state,created,duration,deviceHours,tag&pin=2", "/runs/1", "/runs/1?tab=samples", "/runs/1?tab=fid", "/runs/1?tab=metrics",
        "/runs/1?tab=configuration", "/runs/1?tab=log", "/runs/1?tab=environment", "/runs/1?tab=checkpoints", "/runs/1?tab=history", "/runs/1?tab=certificate", "/runs/2?tab=certificate",
        "/compare?runs=1,2", "/compare?runs=1,2&tab=curves&metric=loss&metric=grad_norm&view=time.log.ema5", "/compare?runs=1,2&tab=differences", "/compare?runs=1,2&tab=fid", "/compare?runs=1,2&tab=cost", "/compare?runs=1,2&tab=samples&cell=2&at=1", "/compare?runs=1,2&tab=samples&cell=2&look=difference", "/compare?runs=1,2&tab=parameters", "/parameters?sweep=1", "/parameters?q=name%20%3D%20nothing", "/reports", "/reports/1", "/reports/1?edit=1", "/reports/new", "/reports/999", "/compare", "/queue", "/workers", "/digest", "/settings/alerts", "/storage", "/access", "/runs/3", "/runs/4", "/runs/4?tab=history", "/no/such/page", "/runs/999",
    ];

    /// <summary>Two visitors at once, each at a width: one alone mostly waits.</summary>
    [Fact]
    public async Task Every_page_is_clean()
    {
        var problems = (await Task.WhenAll(ProblemsAsync(1280), ProblemsAsync(390))).SelectMany(found => found).ToList();

        Assert.True(problems.Count == 0, string.Join("\n\n", problems));
    }

    private async Task<List<string>> ProblemsAsync(int width)
    {
        await using var browser = await ChromiumBrowser.StartAsync();
        await using var tab = await browser.OpenAsync(platform.Address, width);
        var problems = new List<string>();
        foreach (var (index, address) in Pages.Index())
        {
            try
            {
                // Half of them come in the dark and half in the light; then the system's theme changes under them.
                ColorScheme[] schemes = index % 2 == 0 ? [ColorScheme.Light, ColorScheme.Dark] : [ColorScheme.Dark, ColorScheme.Light];
                await tab.Page.EmulateMediaAsync(new() { ColorScheme = schemes[0] });
                var expectedNotFound = address == "/no/such/page";
                var answer = await tab.Page.GotoAsync(address);
                Assert.Equal(expectedNotFound ? 404 : 200, answer!.Status);
                await tab.Page.Locator("main h1").WaitForAsync();
                // Charts draw and pictures load after the page.
                await tab.Page.WaitForTimeoutAsync(700);
                Assert.Contains("CatchUp Platform", await tab.Page.TitleAsync(), StringComparison.Ordinal);
                foreach (var scheme in schemes)
                {
                    await tab.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                    // The components' own colours come from the server, and change gradually then.
                    await tab.Page.WaitForFunctionAsync(
                        "scheme => { const style = getComputedStyle(document.documentElement); return style.colorScheme === scheme && style.getPropertyValue('--mud-native-html-color-scheme').trim() === scheme; }",
                        scheme == ColorScheme.Dark ? "dark" : "light");
                    await tab.Page.WaitForTimeoutAsync(300);
                    await LookAsync(tab, address, width, scheme);
                }

                if (expectedNotFound)
                {
                    tab.ForgetComplaints();
                }

                tab.AssertNoComplaints();
            }
            catch (Exception problem) when (problem is Xunit.Sdk.XunitException or TimeoutException or PlaywrightException)
            {
                problems.Add($"{address} at {width}: {problem.Message}");
                tab.ForgetComplaints();
            }
        }

        return problems;
    }

    private static async Task LookAsync(WatchedPage tab, string address, int width, ColorScheme scheme)
    {
        await PictureAsync(tab.Page, address, width, scheme);
        await tab.AssertAccessibleAsync($"{address} at {width} in {scheme}");
        var overflow = await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"{address} at {width} in {scheme} scrolls sideways by {overflow} pixels.");
    }

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Every_dialog_is_clean_and_is_left_by_the_keyboard(int width, ColorScheme scheme)
    {
        await using var browser = await ChromiumBrowser.StartAsync();
        await using var tab = await browser.OpenAsync(platform.Address, width, 800, scheme);
        var page = tab.Page;

        await LookAsync("/runs/1", "delete", async () =>
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "More commands for this run" }).ClickAsync();
            await page.GetByText("Delete", new() { Exact = true }).ClickAsync();
        });
        await LookAsync("/runs/3", "retry", () => page.GetByRole(AriaRole.Button, new() { Name = "Retry", Exact = true }).ClickAsync());
        await LookAsync("/runs/3", "reproduce", () => page.GetByRole(AriaRole.Button, new() { Name = "Reproduce", Exact = true }).ClickAsync());
        await LookAsync("/runs/4", "cancel", () => page.GetByRole(AriaRole.Button, new() { Name = "Cancel", Exact = true }).ClickAsync());
        await LookAsync("/runs", "columns", () => page.GetByRole(AriaRole.Button, new() { Name = "Columns", Exact = true }).ClickAsync());
        await LookAsync("/queue", "priority", () => page.GetByRole(AriaRole.Button, new() { NameRegex = Priority() }).First.ClickAsync());
        await LookAsync("/workers", "token", () => page.GetByRole(AriaRole.Button, new() { Name = "Make a token" }).ClickAsync());
        tab.AssertNoComplaints();

        async Task LookAsync(string address, string name, Func<Task> open)
        {
            await page.GotoAsync(address);
            await page.Locator("main h1").WaitForAsync();
            // Before its circuit is there, a button does nothing.
            await page.WaitForTimeoutAsync(700);
            await open();
            var dialog = page.GetByRole(AriaRole.Dialog);
            await dialog.WaitForAsync();
            await page.WaitForTimeoutAsync(400);
            await PictureAsync(page, $"dialog {name}", width, scheme);
            await tab.AssertAccessibleAsync($"{name} on {address} at {width} in {scheme}");
            await page.Keyboard.PressAsync("Escape");
            await dialog.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        }
    }

    [GeneratedRegex("change the priority")]
    private static partial Regex Priority();

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
