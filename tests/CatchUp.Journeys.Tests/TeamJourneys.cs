using System.Globalization;
using System.Net;
using CatchUp.Journeys.Tests.Browser;
using CatchUp.Journeys.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CatchUp.Journeys.Tests;

/// <summary>The team set-up: real PostgreSQL, real RabbitMQ, servers that are processes of their own.</summary>
public sealed class TeamJourneys
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_servers_side_by_side_are_one_platform()
    {
        await using var team = await TeamParts.StartAsync(Cancellation);
        var (first, second) = (team.Server(), team.Server());
        await Task.WhenAll(first.StartAsync(Cancellation), second.StartAsync(Cancellation));
        var (refused, _) = await first.Api.TryGetAsync("/api/v1/runs", Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, refused);
        var token = await team.TokenAsync("journey", Cancellation);
        first.Api.UseToken(token);
        second.Api.UseToken(token);

        // A page of the second server is open when a sweep is submitted at the first.
        await using var browser = await ChromiumBrowser.StartAsync();
        await using var tab = await browser.OpenAsync(second.Address);
        await tab.Page.GotoAsync("/sweeps");
        await SignInAsync(tab.Page);
        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Sweeps");
        var sweep = await first.Api.SubmitAsync(TinySweep.TwoRuns("seen-by-both"), Cancellation);
        await Expect(tab.Page.Locator("main")).ToContainTextAsync("seen-by-both");
        Assert.Equal(2, (await second.Api.RunsAsync(Cancellation)).Count);

        // What one does, the other shows; and one may die.
        await first.KillAsync();
        var (cancelled, body) = await second.Api.PostAsync($"/api/v1/sweeps/{sweep.ToString(CultureInfo.InvariantCulture)}/cancel", "", Cancellation);
        Assert.True(cancelled == HttpStatusCode.OK, $"{body}");
        await first.StartAsync(Cancellation);
        Assert.All(await first.Api.RunsAsync(Cancellation), run => Assert.Equal("cancelled", run["state"]!.GetValue<string>()));
        tab.AssertNoComplaints();
    }

    [Fact]
    public async Task Signing_in_and_out_works_in_both_themes_and_on_a_phone()
    {
        await using var team = await TeamParts.StartAsync(Cancellation);
        var server = team.Server();
        await server.StartAsync(Cancellation);
        await using var browser = await ChromiumBrowser.StartAsync();
        foreach (var (scheme, width) in new[] { (ColorScheme.Light, 1280), (ColorScheme.Dark, 390) })
        {
            await using var tab = await browser.OpenAsync(server.Address, width, 800, scheme);
            var page = tab.Page;
            await page.GotoAsync("/queue");
            await tab.AssertAccessibleAsync($"sign-in, {scheme}");
            await PhotographAsync(page, $"sign-in-{scheme}-{width}");
            await page.GetByLabel("Administrator's password").FillAsync(TeamParts.AdminPassword);
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Queue");

            // A token is shown once.
            await page.GetByRole(AriaRole.Link, new() { Name = "Access tokens" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "New token" }).ClickAsync();
            await page.GetByLabel("What it is for").FillAsync($"script {width}");
            await page.GetByRole(AriaRole.Button, new() { Name = "Make it" }).ClickAsync();
            var secret = await page.Locator(".token-secret code").TextContentAsync();
            server.Api.UseToken(secret!);
            await server.Api.GetAsync("/api/v1/runs", Cancellation);
            await tab.AssertAccessibleAsync($"access, {scheme}");
            await PhotographAsync(page, $"access-{scheme}-{width}");
            await page.ReloadAsync();
            await Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = $"script {width}" })).ToBeVisibleAsync();
            await Expect(page.Locator("main")).Not.ToContainTextAsync(secret!);

            await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Sign in");
            await page.GotoAsync("/queue");
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Sign in");
            tab.AssertNoComplaints();
        }
    }

    [Theory]
    [InlineData("POSTGRES_PASSWORD")]
    [InlineData("RABBITMQ_PASSWORD")]
    [InlineData("CATCHUP_ADMIN_PASSWORD")]
    public async Task A_start_without_a_password_names_the_variable(string variable)
    {
        using var home = new TemporaryFolder();
        await using var server = new PlatformProcess(home.Path);
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["CATCHUP_DATABASE"] = "Host=127.0.0.1;Port=1;Database=catchup;Username=catchup",
            ["POSTGRES_PASSWORD"] = "p",
            ["CATCHUP_BROKER"] = "amqp://127.0.0.1:1",
            ["CATCHUP_BROKER_USER"] = "catchup",
            ["RABBITMQ_PASSWORD"] = "p",
            ["CATCHUP_ADMIN_PASSWORD"] = "p",
            [variable] = "",
        })
        {
            server.Environment[name] = value;
        }

        Assert.Equal(1, await server.RunToEndAsync(Cancellation));
        Assert.StartsWith(variable + " is empty or not set.", Assert.Single(server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private static async Task SignInAsync(IPage page)
    {
        await page.GetByLabel("Administrator's password").FillAsync(TeamParts.AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    /// <summary>For a person to look at, when CATCHUP_PICTURES names a folder.</summary>
    private static async Task PhotographAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("CATCHUP_PICTURES") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png") });
        }
    }
}
