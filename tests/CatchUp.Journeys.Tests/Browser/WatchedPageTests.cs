using Xunit.Sdk;

namespace CatchUp.Journeys.Tests.Browser;

/// <summary>What all journeys rely on: that a page that is not right is told of.</summary>
public sealed class WatchedPageTests
{
    private const string Faulty = """
        <!DOCTYPE html><html lang="en"><head><title>Faulty</title></head>
        <body style="background: #fff"><main><h1>Faulty</h1><p style="color: #ddd">pale</p><button></button></main></body></html>
        """;

    [Fact]
    public async Task What_axe_finds_is_told()
    {
        await using var browser = await ChromiumBrowser.StartAsync();
        await using var tab = await browser.OpenAsync(new Uri("file:///"));
        await tab.Page.SetContentAsync(Faulty);

        var told = await Assert.ThrowsAnyAsync<XunitException>(() => tab.AssertAccessibleAsync("faulty"));

        Assert.Contains("button-name", told.Message, StringComparison.Ordinal);
        Assert.Contains("color-contrast", told.Message, StringComparison.Ordinal);
    }
}
