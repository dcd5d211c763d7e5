using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CatchUp.Journeys.Tests.Browser;
using CatchUp.Journeys.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CatchUp.Journeys.Tests;

/// <summary>A run is made again by the real trainer, and the certificate says whether the same came of it.</summary>
public sealed partial class ReproductionJourneys
{
    private const string Run = """
        name: original
        project: journeys
        base:
          preset: fashion-tiny
          data: { dataset: synthetic }
          objective: { kind: catch-up, order: rk12 }
          network: { channels: 8, channelMultipliers: [1], patchSize: 4, dropout: 0.1 }
          training: { iterations: 40, batchSize: 8, logEvery: 1, checkpointEvery: 10 }
          samples: { every: 20, images: 9 }
        evaluation: { every: 20, solvers: [euler], nfe: [1, 2], samples: 100 }
        """;

    [Fact]
    public async Task A_run_made_again_gives_the_same_bits_and_with_other_kernels_the_distances()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        long different;
        string request;
        await using (var platform = new PlatformProcess(home.Path))
        {
            await platform.StartAsync(cancellation);
            await platform.Api.SubmitAsync(Run, cancellation);
            Assert.Equal("completed", Assert.Single(await platform.Api.WaitForEndAsync(TimeSpan.FromMinutes(3), cancellation))["state"]!.GetValue<string>());
            await using var browser = await ChromiumBrowser.StartAsync();
            await using var tab = await browser.OpenAsync(platform.Address);
            await tab.Page.GotoAsync("/runs/1");
            await tab.Page.Locator("main h1").WaitForAsync();
            await tab.Page.WaitForTimeoutAsync(700);

            // On the same machine with the same trainer there is nothing to say beforehand: one click.
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Reproduce", Exact = true }).ClickAsync();
            await Expect(tab.Page).ToHaveURLAsync(Certificate());
            await Expect(tab.Page.Locator(".certificate-verdict strong")).ToContainTextAsync("Same bits:", new() { Timeout = 180_000 });

            var certificate = await ProvenAsync(platform, 2, cancellation);
            Assert.Equal("same-bits", certificate["result"]!.GetValue<string>());
            Assert.True(certificate["points"]!["identical"]!.GetValue<long>() >= 120, certificate.ToJsonString());
            Assert.Equal((4, 2, 4), (certificate["evaluations"]!["identical"]!.GetValue<int>(), certificate["snapshots"]!["identical"]!.GetValue<int>(), certificate["samples"]!["identical"]!.GetValue<int>()));
            Assert.True((await platform.Api.GetAsync("/api/v1/runs/2", cancellation))["environment"]!.AsObject().ContainsKey("dataset_sha256"));
            await Expect(tab.Page.Locator(".compare-sample img")).ToHaveCountAsync(2);
            await Expect(tab.Page.GetByText("The same picture to the bit.")).ToBeVisibleAsync();
            await Expect(tab.Page.GetByText("Nothing that is recorded differs")).ToBeVisibleAsync();
            await LookAsync(browser, platform, "/runs/2?tab=certificate", "same bits");
            tab.AssertNoComplaints();

            // Asked for, and killed before anything can come of it.
            request = Guid.NewGuid().ToString();
            different = await ReproduceAsync(platform, request, HttpStatusCode.Created, cancellation);
            await platform.KillAllAsync();
        }

        await using var again = new PlatformProcess(home.Path);

        // libtorch without vector instructions adds in another order.
        again.Environment["ATEN_CPU_CAPABILITY"] = "default";
        await again.StartAsync(cancellation);
        Assert.Equal(different, await ReproduceAsync(again, request, HttpStatusCode.OK, cancellation));
        await again.Api.WaitForEndAsync(TimeSpan.FromMinutes(4), cancellation);

        var distances = await ProvenAsync(again, different, cancellation);
        Assert.True("different" == distances["result"]!.GetValue<string>(), distances.ToJsonString());
        var verdict = distances["verdict"]!.GetValue<string>();
        Assert.StartsWith("Not the same bits:", verdict, StringComparison.Ordinal);
        Assert.EndsWith("Likely because ATEN_CPU_CAPABILITY not set ≠ default.", verdict, StringComparison.Ordinal);
        var loss = distances["points"]!["metrics"]!.AsArray().Single(metric => metric!["name"]!.GetValue<string>() == "loss")!;
        Assert.InRange(loss["largestRelative"]!.GetValue<double>(), double.Epsilon, 0.5);
        Assert.True(loss["firstStep"]!.GetValue<long>() <= 40);
        await using var later = await ChromiumBrowser.StartAsync();
        await LookAsync(later, again, $"/runs/1?tab=certificate&reproduction={different}", "distances");
        await LookAsync(later, again, $"/compare?runs=1,{different}&tab=differences", "differences");
        await using var page = await later.OpenAsync(again.Address);
        await page.Page.GotoAsync($"/runs/1?tab=certificate&reproduction={different}");
        await Expect(page.Page.Locator(".certificate-verdict strong")).ToHaveTextAsync(verdict);
        await Expect(page.Page.GetByRole(AriaRole.Region, new() { Name = "Weights that differ" }).GetByRole(AriaRole.Row)).ToHaveCountAsync(3);
        await Expect(page.Page.GetByRole(AriaRole.Navigation, new() { Name = "Reproductions of this run" }).GetByRole(AriaRole.Link)).ToHaveTextAsync([$"run {different}", "run 2"]);
        page.AssertNoComplaints();
    }

    private static async Task<long> ReproduceAsync(PlatformProcess platform, string key, HttpStatusCode expected, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = platform.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/v1/runs/1/reproduce", UriKind.Relative));
        request.Headers.Add("Idempotency-Key", key);
        using var answer = await client.SendAsync(request, cancellation);
        var body = await answer.Content.ReadAsStringAsync(cancellation);
        Assert.True(answer.StatusCode == expected, $"{(int)answer.StatusCode}: {body}");
        return JsonNode.Parse(body)!["id"]!.GetValue<long>();
    }

    /// <summary>A certificate's content, whose hash is right.</summary>
    private static async Task<JsonNode> ProvenAsync(PlatformProcess platform, long run, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = platform.Address };
        var text = await client.GetStringAsync(new Uri($"/api/v1/runs/{run}/certificate", UriKind.Relative), cancellation);
        const string Mark = "\"content\":";
        var content = text[(text.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..^1];
        Assert.Equal(JsonNode.Parse(text)!["sha256"]!.GetValue<string>(), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))));
        return JsonNode.Parse(content)!;
    }

    private static async Task LookAsync(ChromiumBrowser browser, PlatformProcess platform, string address, string name)
    {
        foreach (var (width, height, scheme) in new[] { (1280, 800, ColorScheme.Dark), (390, 844, ColorScheme.Light) })
        {
            await using var tab = await browser.OpenAsync(platform.Address, width, height, scheme);
            await tab.Page.GotoAsync(address);
            await tab.Page.Locator("main h1").WaitForAsync();
            await tab.Page.WaitForTimeoutAsync(1500);
            if (Environment.GetEnvironmentVariable("CATCHUP_SCREENSHOTS") is { Length: > 0 } folder)
            {
                await tab.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"reproduce-{name.Replace(' ', '-')}-{width}.png"), FullPage = true });
            }

            await tab.AssertAccessibleAsync($"{name} at {width}");
            Assert.True(await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, $"{name} at {width} scrolls sideways.");
            tab.AssertNoComplaints();
        }
    }

    [GeneratedRegex("/runs/2\\?tab=certificate$")]
    private static partial Regex Certificate();
}
