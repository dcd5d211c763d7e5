using Microsoft.Playwright;

namespace CatchUp.Journeys.Tests.Browser;

/// <summary>Debian's Chromium. Tests that need it are skipped with a message where there is none, except in CI.</summary>
internal sealed class ChromiumBrowser : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private ChromiumBrowser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<ChromiumBrowser> StartAsync()
    {
        var executable = Environment.GetEnvironmentVariable("CATCHUP_CHROMIUM") is { Length: > 0 } chosen ? chosen : Places.FirstOrDefault(File.Exists);
        if (executable is null)
        {
            if (Environment.GetEnvironmentVariable("CI") != "true")
            {
                Assert.Skip("There is no Chromium. Install it (apt-get install chromium) or name it in CATCHUP_CHROMIUM.");
            }

            throw new InvalidOperationException("There is no Chromium. test.sh installs it where it may.");
        }

        // As long as an action waits: five seconds are little for a first drawing on a machine with other work. Only a test that fails waits it out.
        Assertions.SetDefaultExpectTimeout(30_000);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = executable,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        return new ChromiumBrowser(playwright, browser);
    }

    public async Task<WatchedPage> OpenAsync(Uri address, int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(30_000);
        return new WatchedPage(context, await context.NewPageAsync(), address);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
