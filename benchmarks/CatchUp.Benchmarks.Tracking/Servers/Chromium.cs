using System.Globalization;
using Microsoft.Playwright;

namespace CatchUp.Benchmarks.Tracking.Servers;

/// <summary>Debian's Chromium, opened on the product: every visitor has cookies and a cache of their own.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    // Resolves with the milliseconds from just before the deed to the first change of the document that makes it done.
    private const string Stopwatch = """
        ((act, done) => new Promise((resolve, reject) => {
          const began = performance.now();
          const look = () => { if (!done()) return; observer.disconnect(); clearInterval(timer); clearTimeout(patience); resolve(performance.now() - began); };
          const observer = new MutationObserver(look);
          observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
          const timer = setInterval(look, 5);
          const patience = setTimeout(() => { observer.disconnect(); clearInterval(timer); reject(new Error('nothing of it after 30 seconds')); }, 30000);
          act();
        }))
        """;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly DashboardProcess _server;
    private string? _session;

    private Chromium(IPlaywright playwright, IBrowser browser, DashboardProcess server) => (_playwright, _browser, _server) = (playwright, browser, server);

    /// <param name="server">Where it is opened.</param>
    /// <param name="folder">Takes the script it is started by.</param>
    /// <param name="browsersBehind">Many visitors, whose own machines would do this: the server's processes come first on the processors they share.</param>
    public static async Task<Chromium> StartAsync(DashboardProcess server, DirectoryInfo folder, bool browsersBehind)
    {
        var program = Places.FirstOrDefault(File.Exists) ?? throw new BenchmarkException("There is no Chromium: apt-get install chromium.");
        if (browsersBehind)
        {
            var script = Path.Combine(folder.FullName, "chromium-behind");
            await File.WriteAllTextAsync(script, $"#!/bin/sh\nexec nice -n 10 setpriv --bounding-set=-sys_nice --inh-caps=-sys_nice {program} \"$@\"\n");
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            program = script;
        }

        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var chromium = new Chromium(playwright, browser, server);
        if (server.AsksToSignIn)
        {
            var page = await chromium.VisitAsync();
            await page.GotoAsync("/sign-in");
            await page.FillAsync("#password", DashboardProcess.Password);
            await page.ClickAsync("button[type=submit]");
            await page.WaitForURLAsync(address => !address.Contains("sign-in", StringComparison.Ordinal));
            chromium._session = await page.Context.StorageStateAsync();
            await page.Context.CloseAsync();
        }

        return chromium;
    }

    /// <summary>A visitor who was never here, but has signed in where that is asked for. Close the page's context to send them away.</summary>
    /// <param name="still">Without the moving marks of what is running: where all browsers draw on the same processors, they draw nothing else.</param>
    public async Task<IPage> VisitAsync(bool still = false)
    {
        var context = await _browser.NewContextAsync(new() { BaseURL = _server.Address.ToString(), ViewportSize = new() { Width = 1280, Height = 800 }, StorageState = _session, ReducedMotion = still ? ReducedMotion.Reduce : null });
        context.SetDefaultTimeout(60_000);
        return await context.NewPageAsync();
    }

    /// <summary>Opens an address and waits until the expression holds.</summary>
    /// <returns>Milliseconds from the navigation's start to the first paint with content, and until the expression held.</returns>
    public static async Task<(double Paint, double Content)> OpenAsync(IPage page, string address, string shown)
    {
        await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.Commit });
        var content = await page.WaitForFunctionAsync($"() => ({shown}) ? performance.now() : 0");
        var milliseconds = double.Parse(await content.EvaluateAsync<string>("time => String(time)"), CultureInfo.InvariantCulture);
        var paint = await page.EvaluateAsync<string>("String(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN)");
        return (double.Parse(paint, CultureInfo.InvariantCulture), milliseconds);
    }

    /// <returns>Milliseconds from a deed to the change of the document that shows it.</returns>
    public static Task<double> TimeAsync(IPage page, string deed, string done) => page.EvaluateAsync<double>($"{Stopwatch}(() => {{ {deed} }}, () => {done})");

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
