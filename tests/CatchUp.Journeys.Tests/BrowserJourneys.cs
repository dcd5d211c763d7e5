using System.Globalization;
using System.Text.RegularExpressions;
using CatchUp.Journeys.Tests.Browser;
using CatchUp.Journeys.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CatchUp.Journeys.Tests;

/// <summary>What a user does, in a real Chromium against the real product.</summary>
public sealed partial class BrowserJourneys
{
    private static readonly LocatorAssertionsToBeVisibleOptions Long = new() { Timeout = 180_000 };

    [Fact]
    public async Task A_sweep_goes_from_the_form_to_the_comparison()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        await using var platform = new PlatformProcess(home.Path);
        await platform.StartAsync(cancellation);
        await using var browser = await ChromiumBrowser.StartAsync();
        await using var tab = await browser.OpenAsync(platform.Address);
        var page = tab.Page;

        // An empty installation says what to do next.
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Write a sweep" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(NewSweepAddress());

        // The form: two objectives, a few steps on generated shapes.
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("first <script>alert('sweep')</script>");
        await page.GetByLabel("Iterations").FillAsync("40");
        await page.GetByLabel("Batch size").FillAsync("8");
        await page.GetByRole(AriaRole.Checkbox, new() { NameRegex = RectifiedFlow() }).CheckAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { NameRegex = Rk12() }).CheckAsync();
        await page.GetByLabel("Every (updates)").FillAsync("20");
        await page.GetByLabel("NFE", new() { Exact = true }).FillAsync("1, 2");
        await page.GetByLabel("Images per number").FillAsync("100");

        // The YAML is the same draft; a wrong key is named with its line and the closest right one.
        await page.GetByRole(AriaRole.Tab, new() { NameRegex = Yaml() }).ClickAsync();
        var yaml = page.GetByRole(AriaRole.Textbox, new() { NameRegex = Yaml() });
        await Expect(yaml).ToHaveValueAsync(Iterations40());
        var text = await yaml.InputValueAsync();
        await yaml.FillAsync(text.Replace("iterations:", "iteratons:", StringComparison.Ordinal));
        await Expect(page.GetByRole(AriaRole.List, new() { Name = "Problems" })).ToContainTextAsync("iterations");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Launch" })).ToBeDisabledAsync();
        await yaml.FillAsync(text.Replace("preset: fashion-tiny", "preset: fashion-tiny\n  data: { dataset: synthetic }\n  network: { channels: 8, channelMultipliers: [1], patchSize: 4 }\n  samples: { every: 20, images: 9 }", StringComparison.Ordinal));
        await Expect(page.GetByRole(AriaRole.Complementary, new() { Name = "Plan" })).ToContainTextAsync("2 runs");
        await tab.AssertAccessibleAsync("new sweep");
        await page.GetByRole(AriaRole.Button, new() { Name = "Launch" }).ClickAsync();

        // The sweep's page, live without reload; the name is text, whatever it says.
        await Expect(page).ToHaveURLAsync(SweepAddress(), new() { Timeout = 60_000 });
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("<script>alert('sweep')</script>");
        await page.EvaluateAsync("window.stillTheSamePage = true");
        await Expect(page.Locator("tr.run-row .state-chip", new() { HasText = "running" }).First).ToBeVisibleAsync(Long);
        await Expect(page.Locator("tr.run-row .state-chip", new() { HasText = "completed" })).ToHaveCountAsync(2, new() { Timeout = 240_000 });
        Assert.True(await page.EvaluateAsync<bool>("window.stillTheSamePage === true"), "The page was reloaded.");
        await tab.AssertAccessibleAsync("sweep");

        // Compare: both runs, their curves, FID over NFE, samples from the same noise.
        await page.GotoAsync("/runs");
        await page.Locator("tr.run-row input[type=checkbox]").First.ClickAsync();
        await page.Locator("tr.run-row input[type=checkbox]").Nth(1).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { NameRegex = CompareWord() }).Or(page.GetByRole(AriaRole.Button, new() { NameRegex = CompareWord() })).Last.ClickAsync();
        await Expect(page).ToHaveURLAsync(CompareAddress());
        await Expect(page.Locator(".chart canvas").First).ToBeVisibleAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("fashion-mnist-cnn-2");
        var samples = page.Locator("main img[src*='/samples/']");
        await Expect(samples).ToHaveCountAsync(4); // two runs by two NFE
        Assert.True(await samples.First.EvaluateAsync<bool>("image => image.decode().then(() => image.naturalWidth > 0)"));
        await Expect(page.Locator("main")).ToContainTextAsync("objective.kind");
        await tab.AssertAccessibleAsync("compare");

        tab.AssertNoComplaints();
    }

    [Fact]
    public async Task A_running_run_is_paused_resumed_and_cancelled_from_its_page()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        await using var platform = new PlatformProcess(home.Path);
        await platform.StartAsync(cancellation);
        await platform.Api.SubmitAsync(TinySweep.TwoRuns(iterations: 20_000, checkpointEvery: 1000), cancellation);
        await using var browser = await ChromiumBrowser.StartAsync();
        await using var tab = await browser.OpenAsync(platform.Address);
        var page = tab.Page;
        var state = page.Locator(".page-heading .state-chip");

        await page.GotoAsync(string.Create(CultureInfo.InvariantCulture, $"/runs/{1}"));
        await Expect(state).ToHaveTextAsync("running", new() { Timeout = 120_000 });
        await Expect(page.Locator(".chart canvas").First).ToBeVisibleAsync(Long);
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(state).ToHaveTextAsync("paused", new() { Timeout = 60_000 });
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(state).ToHaveTextAsync(QueuedOrRunning(), new() { Timeout = 60_000 });
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { NameRegex = CancelTheRun() }).ClickAsync();
        await Expect(state).ToHaveTextAsync("cancelled", new() { Timeout = 60_000 });

        tab.AssertNoComplaints();
    }

    [Fact]
    public async Task Curves_grow_while_they_are_seen_and_catch_up_when_they_are_seen_again()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        await using var platform = new PlatformProcess(home.Path);
        await platform.StartAsync(cancellation);
        await platform.Api.SubmitAsync(TinySweep.TwoRuns(iterations: 20_000, checkpointEvery: 1000), cancellation);
        await using var browser = await ChromiumBrowser.StartAsync();
        await using var tab = await browser.OpenAsync(platform.Address, width: 390, height: 500);
        var page = tab.Page;
        await page.GotoAsync("/runs/1?tab=metrics");
        var loss = page.Locator("section[aria-label='loss'] .chart-host");
        await Expect(loss.Locator("canvas")).ToBeVisibleAsync(new() { Timeout = 120_000 });
        await GrowsAsync(await LastAsync());

        // Scrolled away, by more than the margin that whoever scrolls on is served from.
        await page.Locator("main section.panel").Last.EvaluateAsync("last => last.scrollIntoView({ block: 'end' })");
        Assert.True(await loss.EvaluateAsync<double>("host => host.closest('figure').getBoundingClientRect().bottom") < -200, "The page does not scroll far enough for this test to show anything.");
        await RestsAsync();
        await loss.ScrollIntoViewIfNeededAsync();
        await GrowsAsync(await LastAsync());

        // Another tab in front of it.
        await page.EvaluateAsync("Object.defineProperty(document, 'hidden', { value: true, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))");
        await RestsAsync();
        await page.EvaluateAsync("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))");
        await GrowsAsync(await LastAsync());

        tab.AssertNoComplaints();

        Task<double> LastAsync() => loss.EvaluateAsync<double>("host => Number(host.dataset.last)");

        Task GrowsAsync(double from) => page.WaitForFunctionAsync($"() => Number(document.querySelector(\"section[aria-label='loss'] .chart-host\").dataset.last) > {from.ToString(CultureInfo.InvariantCulture)}", null, new() { Timeout = 30_000 });

        // A trainer tells every second, a chart out of sight is read every twenty: of three times five seconds it rests in one, however slow the machine is to hear of it.
        async Task RestsAsync()
        {
            var (last, rested) = (await LastAsync(), false);
            for (var tries = 0; tries < 3 && !rested; tries++)
            {
                await page.WaitForTimeoutAsync(5000);
                var now = await LastAsync();
                (last, rested) = (now, now == last);
            }

            Assert.True(rested, "The curve goes on growing out of sight.");
        }
    }

    [GeneratedRegex("/sweeps/new")]
    private static partial Regex NewSweepAddress();

    [GeneratedRegex(@"/sweeps/\d+")]
    private static partial Regex SweepAddress();

    [GeneratedRegex(@"/compare\?.*runs=")]
    private static partial Regex CompareAddress();

    [GeneratedRegex("rectified flow", RegexOptions.IgnoreCase)]
    private static partial Regex RectifiedFlow();

    [GeneratedRegex("RK12", RegexOptions.IgnoreCase)]
    private static partial Regex Rk12();

    [GeneratedRegex("YAML")]
    private static partial Regex Yaml();

    [GeneratedRegex("iterations: 40")]
    private static partial Regex Iterations40();

    [GeneratedRegex("^compare", RegexOptions.IgnoreCase)]
    private static partial Regex CompareWord();

    [GeneratedRegex("queued|running")]
    private static partial Regex QueuedOrRunning();

    [GeneratedRegex("cancel", RegexOptions.IgnoreCase)]
    private static partial Regex CancelTheRun();
}
