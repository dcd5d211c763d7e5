using System.Text.RegularExpressions;
using CatchUp.Journeys.Tests.Browser;
using CatchUp.Journeys.Tests.Platform;
using static Microsoft.Playwright.Assertions;

namespace CatchUp.Journeys.Tests;

/// <summary>The database in <c>tests/recorded</c>: it opens with the product as it is now, and how it is made.</summary>
public sealed partial class RecordingJourneys(ITestOutputHelper output)
{
    [Fact]
    public async Task What_was_recorded_opens_and_is_compared()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var recorded = await RecordedHome.StartAsync(cancellation);
        var api = recorded.Platform.Api;

        var runs = await api.RunsAsync(cancellation);
        Assert.Equal(Enumerable.Range(1, RecordedHome.Runs).Select(id => (long)id), runs.Select(run => run["id"]!.GetValue<long>()));
        Assert.All(runs, run => Assert.Equal("completed", run["state"]!.GetValue<string>()));
        Assert.Equal(12, (await api.EvaluationsAsync(1, cancellation)).Count);
        Assert.NotEmpty(await api.PointsAsync(9, cancellation));
        var fingerprints = await Task.WhenAll(((long[])[1, 10]).Select(async run => (await api.GetAsync($"/api/v1/runs/{run}/evaluations", cancellation))["items"]![0]!["samples"]!.GetValue<int>()));
        Assert.NotEqual(fingerprints[0], fingerprints[1]);

        // Every file that a row names came along.
        foreach (var run in runs.Select(run => run["id"]!.GetValue<long>()))
        {
            var samples = (await api.GetAsync($"/api/v1/runs/{run}/samples", cancellation))["items"]!.AsArray();
            Assert.NotEmpty(samples);
            foreach (var file in samples.Select(sample => $"/api/v1/runs/{run}/samples/{sample!["id"]}.png").Concat((await api.GetAsync($"/api/v1/runs/{run}/checkpoints", cancellation))["items"]!.AsArray().Select(checkpoint => checkpoint!["url"]!.GetValue<string>())))
            {
                using var client = new HttpClient();
                using var answer = await client.GetAsync(new Uri(recorded.Platform.Address, file), cancellation);
                Assert.True(answer.IsSuccessStatusCode, $"{file} answered {(int)answer.StatusCode}");
            }
        }

        await using var browser = await ChromiumBrowser.StartAsync();
        await using var tab = await browser.OpenAsync(recorded.Platform.Address);
        await tab.Page.GotoAsync("/runs?q=project:recorded");
        await Expect(tab.Page.Locator("tr.run-row[data-run]")).ToHaveCountAsync(RecordedHome.Runs);
        await tab.Page.GotoAsync("/compare?runs=1,4,7");
        await Expect(tab.Page.Locator("main")).ToContainTextAsync(RunName());
        tab.AssertNoComplaints();
    }

    /// <summary>What <c>tests/recorded/make.sh</c> starts.</summary>
    [Fact(Explicit = true)]
    public async Task The_recording_is_made_again()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        await using (var platform = new PlatformProcess(home.Path))
        {
            await platform.StartAsync(cancellation);
            foreach (var sweep in (string[])["orders.yaml", "rates.yaml"])
            {
                await platform.Api.SubmitAsync(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "recorded", sweep), cancellation), cancellation);
                // One after the other, so that runs have the numbers that the README gives them.
                Assert.All(await platform.Api.WaitForEndAsync(TimeSpan.FromMinutes(20), cancellation), run => Assert.Equal("completed", run["state"]!.GetValue<string>()));
            }

            Assert.Equal(RecordedHome.Runs, (await platform.Api.RunsAsync(cancellation)).Count);
        }

        await RecordedHome.PackAsync(home.Path, cancellation);
        output.WriteLine($"{RecordedHome.Archive}: {new FileInfo(RecordedHome.Archive).Length:N0} bytes");
    }

    [GeneratedRegex("rk23-s0")]
    private static partial Regex RunName();
}
