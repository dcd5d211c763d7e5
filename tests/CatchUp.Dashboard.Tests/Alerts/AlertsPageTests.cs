using Bunit;
using CatchUp.Dashboard.Alerts;
using CatchUp.Dashboard.Tests.Support;
using CatchUp.Tracking.Alerts;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Dashboard.Tests.Alerts;

public sealed class AlertsPageTests
{
    [Fact]
    public async Task Page_without_webhooks_offers_to_add_one_and_names_what_is_wrong_with_it()
    {
        await using var world = await PageWorld.CreateAsync();
        var page = world.Open<AlertsPage>("/settings/alerts");
        page.WaitForAssertion(() => Assert.Contains("Nobody is told anything yet.", page.Markup, StringComparison.Ordinal));

        await page.InvokeAsync(() => page.FindAll("button").First(button => button.TextContent.Trim() == "Add a webhook").Click());
        await page.InvokeAsync(() => page.Find("#webhook-url").Change("http://127.0.0.1:5080/"));
        await page.InvokeAsync(() => page.Find(".webhook-form").Submit());

        page.WaitForAssertion(() => Assert.Contains("not public", page.Find("#webhook-url-problem").TextContent, StringComparison.Ordinal));
        Assert.Contains("1 to 100 characters", page.Find("#webhook-name-problem").TextContent, StringComparison.Ordinal);
        Assert.Empty(await world.Services.GetRequiredService<AlertStore>().ListAsync(PageWorld.Cancellation));
    }

    [Fact]
    public async Task Webhook_is_saved_without_showing_its_path_or_secret_again_and_can_be_tested()
    {
        await using var world = await PageWorld.CreateAsync();
        var page = world.Open<AlertsPage>("/settings/alerts");
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("button")));
        await page.InvokeAsync(() => page.FindAll("button").First(button => button.TextContent.Trim() == "Add a webhook").Click());
        await page.InvokeAsync(() => page.Find("#webhook-name").Change("team"));
        await page.InvokeAsync(() => page.Find("#webhook-url").Change("https://hooks.invalid/secret-path"));
        await page.InvokeAsync(() => page.Find("#webhook-secret").Change("sixteen characters"));
        await page.InvokeAsync(() => page.Find("#webhook-digest").Change("07:30"));
        await page.InvokeAsync(() => page.Find(".webhook-form").Submit());

        page.WaitForAssertion(() => Assert.Contains("https://hooks.invalid/…", page.Find(".webhook").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain("secret-path", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("sixteen", page.Markup, StringComparison.Ordinal);
        Assert.Contains("failures, finished sweeps, digest at 07:30 UTC · signed", page.Find(".webhook").TextContent, StringComparison.Ordinal);

        await page.InvokeAsync(() => page.FindAll("button").First(button => button.TextContent.Trim() == "Send test").Click());

        page.WaitForAssertion(() => Assert.Contains("Test", page.Find(".webhook table").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(30));
    }
}
