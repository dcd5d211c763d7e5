using System.Text.RegularExpressions;
using CatchUp.Journeys.Tests.Browser;
using CatchUp.Journeys.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CatchUp.Journeys.Tests;

/// <summary>Two people at one server, each in a browser of their own, at the same time: what one looks at, chose, typed or is told stays theirs; what is stored is both's.</summary>
public sealed partial class TwoVisitorsJourneys
{
    [Fact]
    public async Task What_one_visitor_does_never_shows_in_the_view_of_another()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var recorded = await RecordedHome.StartAsync(cancellation);
        await using var browser = await ChromiumBrowser.StartAsync();
        await using var one = await browser.OpenAsync(recorded.Platform.Address);
        await using var other = await browser.OpenAsync(recorded.Platform.Address);
        await VisitAsync(one, other);
    }

    [Fact]
    public async Task What_one_member_of_a_team_does_never_shows_in_the_view_of_another()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        await RecordedHome.UnpackAsync(home.Path, cancellation);
        await using var platform = new PlatformProcess(home.Path) { Environment = { ["CATCHUP_ADMIN_PASSWORD"] = TeamParts.AdminPassword } };
        await platform.StartAsync(cancellation);
        await using var browser = await ChromiumBrowser.StartAsync();
        await using var one = await browser.OpenAsync(platform.Address);
        await using var other = await browser.OpenAsync(platform.Address);
        foreach (var visitor in (WatchedPage[])[one, other])
        {
            await visitor.Page.GotoAsync("/");
            await visitor.Page.GetByLabel("Administrator's password").FillAsync(TeamParts.AdminPassword);
            await visitor.Page.Keyboard.PressAsync("Enter");
            await visitor.Page.Locator("main h1").WaitForAsync();
        }

        await VisitAsync(one, other);

        // Whoever signs out does so alone.
        await one.Page.GetByRole(AriaRole.Button, new() { NameRegex = SignOut() }).ClickAsync();
        await Expect(one.Page.GetByLabel("Administrator's password")).ToBeVisibleAsync();
        await other.Page.ReloadAsync();
        await Expect(other.Page.Locator("main h1")).ToBeVisibleAsync();
    }

    private static async Task VisitAsync(WatchedPage one, WatchedPage other)
    {
        // Filter, order, columns and selection.
        await one.Page.GotoAsync("/runs");
        await other.Page.GotoAsync("/runs");
        await Expect(Rows(one)).ToHaveCountAsync(RecordedHome.Runs);
        await Expect(Rows(other)).ToHaveCountAsync(RecordedHome.Runs);
        await one.Page.GetByRole(AriaRole.Combobox, new() { Name = "Filter", Exact = true }).FillAsync("sweep = Rates");
        await other.Page.GetByRole(AriaRole.Combobox, new() { Name = "Filter", Exact = true }).FillAsync("objective.order = rk23 and sweep = Orders");
        await Expect(Rows(one)).ToHaveCountAsync(6);
        await Expect(Rows(other)).ToHaveCountAsync(3);
        await one.Page.Locator("td.cell-select input").Nth(1).CheckAsync();
        await other.Page.Locator("th button.sort").First.ClickAsync();
        await Expect(other.Page.Locator("th[aria-sort=ascending], th[aria-sort=descending]")).ToHaveCountAsync(1);
        var order = await Names(other).AllInnerTextsAsync();
        await Expect(one.Page.Locator("tr.run-row.selected")).ToHaveCountAsync(1);
        await Expect(other.Page.Locator("tr.run-row.selected")).ToHaveCountAsync(0);

        // A message with an undo is told to whoever did it; the tag itself is stored for both, and news of it moves nothing else.
        await one.Page.GetByRole(AriaRole.Button, new() { Name = "Tag", Exact = true }).ClickAsync();
        await one.Page.GetByRole(AriaRole.Textbox, new() { Name = "Tag" }).FillAsync("mine");
        await one.Page.Keyboard.PressAsync("Enter");
        await Expect(one.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" })).ToBeVisibleAsync();
        await Expect(other.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" })).ToHaveCountAsync(0);
        await Expect(other.Page.GetByText("Tagged 1 run")).ToHaveCountAsync(0);
        Assert.Equal(order, await Names(other).AllInnerTextsAsync());
        await Expect(Rows(other)).ToHaveCountAsync(3);

        // The theme.
        await one.Page.GetByRole(AriaRole.Button, new() { NameRegex = Theme() }).ClickAsync();
        await one.Page.GetByRole(AriaRole.Button, new() { NameRegex = Theme() }).ClickAsync();
        await Expect(one.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await other.Page.ReloadAsync();
        await Expect(Rows(other)).ToHaveCountAsync(3);
        await Expect(other.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");

        // A stretch of a curve, of the same run at the same time.
        await one.Page.GotoAsync("/runs/4?view=20-120");
        await other.Page.GotoAsync("/runs/4");
        await Expect(one.Page.GetByRole(AriaRole.Button, new() { Name = "Show all" }).First).ToBeVisibleAsync();
        await Expect(other.Page.Locator(".chart-host canvas").First).ToBeVisibleAsync();
        await Expect(other.Page.GetByRole(AriaRole.Button, new() { Name = "Show all" })).ToHaveCountAsync(0);

        // A draft.
        await one.Page.GotoAsync("/sweeps/new?tab=yaml");
        await one.Page.Locator("textarea.yaml-text").FillAsync("name: a secret of mine\nbase: { preset: fashion-tiny }\n");
        await one.Page.WaitForTimeoutAsync(1500);
        await other.Page.GotoAsync("/sweeps/new?tab=yaml");
        await Expect(other.Page.Locator("textarea.yaml-text")).ToHaveValueAsync(Preset());
        Assert.DoesNotContain("a secret of mine", await other.Page.ContentAsync(), StringComparison.Ordinal);
        await one.Page.ReloadAsync();
        await Expect(one.Page.Locator("textarea.yaml-text")).ToHaveValueAsync(Secret());
        one.AssertNoComplaints();
        other.AssertNoComplaints();
    }

    private static ILocator Rows(WatchedPage tab) => tab.Page.Locator("tr.run-row[data-run]");

    private static ILocator Names(WatchedPage tab) => tab.Page.Locator("tr.run-row[data-run] td.cell-name");

    [GeneratedRegex("^Theme")]
    private static partial Regex Theme();

    [GeneratedRegex("preset")]
    private static partial Regex Preset();

    [GeneratedRegex("a secret of mine")]
    private static partial Regex Secret();

    [GeneratedRegex("[Ss]ign out")]
    private static partial Regex SignOut();
}
