using System.Globalization;
using System.Text.RegularExpressions;
using CatchUp.Journeys.Tests.Browser;
using CatchUp.Journeys.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CatchUp.Journeys.Tests;

/// <summary>Quality over cost of runs that were really trained: means, ranks, what stays apart, and what it took.</summary>
public sealed partial class FidNfeJourneys
{
    private const string Student = """
        name: student
        project: journeys
        base:
          preset: fashion-tiny
          data: { dataset: synthetic }
          network: { channels: 8, channelMultipliers: [1], patchSize: 4, dropout: 0.1 }
          objective: { kind: final-distillation, pairs: 20 }
          initialRun: { run: "1" }
          training: { iterations: 10, batchSize: 8, logEvery: 1, checkpointEvery: 10 }
          samples: { every: 0 }
        evaluation: { every: 0, solvers: [euler], nfe: [1], samples: 100 }
        """;

    [Fact]
    public async Task Configurations_are_ranked_over_their_seeds_and_priced()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        await using var platform = new PlatformProcess(home.Path);
        await platform.StartAsync(cancellation);
        await platform.Api.SubmitAsync(TinySweep.TwoRuns(iterations: 20).Replace("schedule:", "replicates: 3\nschedule:", StringComparison.Ordinal), cancellation);
        Assert.All(await platform.Api.WaitForEndAsync(TimeSpan.FromMinutes(4), cancellation), run => Assert.Equal("completed", run["state"]!.GetValue<string>()));
        await platform.Api.SubmitAsync(Student, cancellation);
        await platform.Api.PostAsync("/api/v1/runs/1/evaluate", """{ "samples": 50, "nfe": [1, 2, 4] }""", cancellation);
        Assert.All(await platform.Api.WaitForEndAsync(TimeSpan.FromMinutes(3), cancellation), run => Assert.Equal("completed", run["state"]!.GetValue<string>()));
        await using var browser = await ChromiumBrowser.StartAsync();
        await using var tab = await browser.OpenAsync(platform.Address, scheme: ColorScheme.Dark);
        var page = tab.Page;
        var rows = page.GetByRole(AriaRole.Region, new() { Name = "Ranked at NFE 2" }).Locator("tbody tr");

        // Replicates are one line, with the mean of exactly their numbers.
        await page.GotoAsync("/compare?runs=1,2,3,4,5,6&tab=fid");
        await Expect(rows).ToHaveCountAsync(2);
        var last = await MeansAsync(platform, 20, cancellation);
        Assert.Equal(last.Order(), await ShownAsync(rows), Near);
        await Expect(rows.First).ToContainTextAsync(Standing());
        await Expect(page.Locator(".chart-caption").First).ToContainTextAsync("95 % of the mean over seeds");
        await PictureAsync(page, "fid");

        // The best step of each NFE, the same one for all replicates; the address keeps the choice.
        await page.GetByRole(AriaRole.Button, new() { Name = "Best per NFE" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(Best());
        await Expect(page.Locator(".chart-caption").First).ToContainTextAsync("optimistic");
        var first = await MeansAsync(platform, 10, cancellation);
        var best = last.Zip(first, Math.Min).ToList();
        Assert.Equal(best.Order(), await ShownAsync(rows), Near);
        await page.ReloadAsync();
        await Expect(rows).ToHaveCountAsync(2);
        Assert.Equal(best.Order(), await ShownAsync(rows), Near);

        // What was measured over fewer images has a chart of its own, whose points say why.
        var apart = page.Locator(".fid-apart");
        await Expect(apart).ToContainTextAsync("Apart: sample count 50 instead of 100.");
        await apart.Locator(".chart-host").HoverAsync();
        await Expect(apart.Locator(".chart-tip")).ToContainTextAsync("not comparable with the chart above: sample count 50 instead of 100");
        await PictureAsync(page, "fid-apart");

        // The published numbers are of other images, and the page says of which.
        await page.GetByText("No published number is comparable").ClickAsync();
        await Expect(page.Locator(".fid-published")).ToContainTextAsync("They are of cifar10; these runs learn from synthetic.");

        var front = page.GetByRole(AriaRole.Region, new() { Name = "The front" }).Locator("tbody tr");
        await Expect(front).ToHaveCountAsync(4);
        await Expect(front.First).ToContainTextAsync("on the front");
        await tab.AssertAccessibleAsync("quality over cost");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "CSV" }).First.ClickAsync());
        var lines = (await File.ReadAllTextAsync(await download.PathAsync(), cancellation)).TrimEnd().Split("\r\n");
        Assert.StartsWith("rank,line,nfe,value,low,high,interval,step,best of steps,runs", lines[0], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);

        // A one-step student costs what its teacher cost as well.
        await page.GotoAsync("/compare?runs=2,7&tab=cost&atNfe=1");
        var cost = page.GetByRole(AriaRole.Region, new() { Name = "Costs" }).Locator("tbody tr");
        await Expect(cost).ToHaveCountAsync(2);
        var sum = page.GetByRole(AriaRole.Region, new() { Name = "Costs" }).Locator("tfoot [data-label='Device hours']");
        var alone = await sum.InnerTextAsync();
        await page.GetByLabel("with what a run started from").CheckAsync();
        await Expect(page).ToHaveURLAsync(Teachers());
        await Expect(sum).Not.ToHaveTextAsync(alone);
        var told = (await platform.Api.GetAsync("/api/v1/runs/1", cancellation))["seconds"]!["total"]!.GetValue<double>();
        Assert.True(told > 0);
        await tab.AssertAccessibleAsync("costs");
        await PictureAsync(page, "cost");

        // The run's own page, and its sweep's.
        await page.GotoAsync("/runs/1?tab=fid&checkpoints=best");
        await Expect(page.Locator(".chart-caption").First).ToContainTextAsync("all steps faint");
        await PictureAsync(page, "run");
        await page.GotoAsync("/sweeps/1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Each run" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(EachRun());
        await PictureAsync(page, "sweep");
        tab.AssertNoComplaints();

        await using var phone = await browser.OpenAsync(platform.Address, 390, 844, ColorScheme.Light);
        foreach (var address in new[] { "/compare?runs=1,2,3,4,5,6&tab=fid", "/compare?runs=1,2,3,4,5,6,7&tab=cost", "/sweeps/1", "/runs/1?tab=fid" })
        {
            await phone.Page.GotoAsync(address);
            await Expect(phone.Page.Locator(".chart-host canvas, .cost-bars").First).ToBeVisibleAsync();
            await phone.Page.WaitForTimeoutAsync(300);
            Assert.True(await phone.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, $"{address} scrolls sideways.");
            await PictureAsync(phone.Page, $"phone-{address}");
        }

        phone.AssertNoComplaints();
    }

    /// <summary>The mean of each configuration's replicates at NFE 2: the sweep's runs take turns with the seeds.</summary>
    private static async Task<List<double>> MeansAsync(PlatformProcess platform, int step, CancellationToken cancellation)
    {
        var values = new List<(string Configuration, double Value)>();
        for (var run = 1; run <= 6; run++)
        {
            var configuration = (await platform.Api.GetAsync($"/api/v1/runs/{run}", cancellation))["configuration"]!.GetValue<string>();
            var evaluations = (await platform.Api.GetAsync($"/api/v1/runs/{run}/evaluations", cancellation))["items"]!.AsArray();
            values.AddRange(evaluations.Where(one => one!["step"]!.GetValue<int>() == step && one["nfe"]!.GetValue<int>() == 2 && one["samples"]!.GetValue<int>() == 100).Select(one => (configuration, one!["value"]!.GetValue<double>())));
        }

        var groups = values.GroupBy(value => value.Configuration).ToList();
        Assert.Equal([3, 3], groups.Select(group => group.Count()));
        return groups.ConvertAll(group => group.Average(value => value.Value));
    }

    private static async Task<IReadOnlyList<double>> ShownAsync(ILocator rows) =>
        [.. (await rows.Locator("[data-label='FID']").AllInnerTextsAsync()).Select(text => double.Parse(text.Split('±')[0], NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture))];

    /// <summary>As near as the digits that are shown.</summary>
    private static bool Near(double one, double other) => Math.Abs(one - other) <= 0.006 * Math.Max(1, Math.Abs(one));

    private static async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("CATCHUP_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.WaitForTimeoutAsync(400);
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"fidnfe-{string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'))}.png"), FullPage = true });
        }
    }

    [GeneratedRegex("best|tied with the best")]
    private static partial Regex Standing();

    [GeneratedRegex("checkpoints=best")]
    private static partial Regex Best();

    [GeneratedRegex("teachers=1")]
    private static partial Regex Teachers();

    [GeneratedRegex("lines=runs")]
    private static partial Regex EachRun();
}
