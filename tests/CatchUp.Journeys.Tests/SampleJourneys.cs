using System.Text.RegularExpressions;
using CatchUp.Contracts.Artifacts;
using CatchUp.Journeys.Tests.Browser;
using CatchUp.Journeys.Tests.Platform;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CatchUp.Journeys.Tests;

/// <summary>Samples of real runs side by side: the matrix, the large view, a cell's nearest training image and its way.</summary>
public sealed partial class SampleJourneys
{
    private const string Sweep = """
        name: samples
        project: journeys
        base:
          preset: fashion-tiny
          data: { dataset: synthetic }
          network: { channels: 8, channelMultipliers: [1], patchSize: 4, dropout: 0.1 }
          training: { iterations: 40, batchSize: 8, logEvery: 1, checkpointEvery: 20 }
          samples: { every: 20, images: 9, neighbours: true, trajectories: 4 }
        space:
          objective:
            - { kind: rectified-flow }
            - { kind: catch-up, order: rk12 }
        evaluation: { every: 40, solvers: [euler], nfe: [1, 2, 4], samples: 100 }
        """;

    [Fact]
    public async Task Samples_of_runs_are_compared_from_the_same_noise()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        await using var platform = new PlatformProcess(home.Path);
        await platform.StartAsync(cancellation);
        await platform.Api.SubmitAsync(Sweep, cancellation);
        await platform.Api.WaitForEndAsync(TimeSpan.FromMinutes(4), cancellation);
        await using var browser = await ChromiumBrowser.StartAsync();
        await using var tab = await browser.OpenAsync(platform.Address);
        var page = tab.Page;

        // Two runs by three NFE at the last step.
        await page.GotoAsync("/compare?runs=1,2&tab=samples");
        var cells = page.Locator(".matrix-cell");
        await Expect(cells).ToHaveCountAsync(6);
        foreach (var image in await page.Locator(".matrix-cell img").AllAsync())
        {
            Assert.Equal(28 * 3, await image.EvaluateAsync<int>("image => image.decode().then(() => image.naturalWidth)"));
        }

        // Any two of run, step and NFE are the axes, the third is held; the address says which.
        await page.GetByLabel("Columns").SelectOptionAsync("step");
        await Expect(page.Locator(".matrix thead th")).ToHaveTextAsync(["Step 20", "Step 40"]);
        await Expect(page).ToHaveURLAsync(ColumnsOfSteps());
        await page.GetByRole(AriaRole.Group, new() { Name = "NFE" }).GetByRole(AriaRole.Button, new() { Name = "2", Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(TwoEvaluations());
        await page.ReloadAsync();
        await Expect(page.Locator(".matrix thead th")).ToHaveTextAsync(["Step 20", "Step 40"]);
        await Expect(page.Locator(".matrix-cell").First).ToHaveAttributeAsync("data-identity", NfeTwo());

        // A click opens the image under the pointer: the second of the first row.
        var picture = (await cells.Nth(1).BoundingBoxAsync())!;
        await cells.Nth(1).ClickAsync(new() { Position = new() { X = picture.Width * 0.75f, Y = picture.Height * 0.25f } });
        var panel = page.GetByRole(AriaRole.Region, new() { Name = "Cell" });
        await Expect(panel).ToContainTextAsync("noise 1");
        await Expect(panel).ToContainTextAsync(NearestWords());
        await Expect(panel.Locator(".cell-way li")).ToHaveCountAsync(5);
        Assert.True(await panel.Locator("img[src*='neighbours']").EvaluateAsync<bool>("image => image.decode().then(() => image.naturalWidth === 84)"));
        await tab.AssertAccessibleAsync("samples with a cell");

        // The nearest image that is shown is the one the API names.
        var sample = await cells.Nth(1).GetAttributeAsync("data-sample");
        var details = await platform.Api.GetAsync($"/api/v1/runs/1/samples/{sample}", cancellation);
        await Expect(panel).ToContainTextAsync($"Image {details["neighbours"]!["indices"]![1]} of synthetic");

        // Keys: an arrow moves, d subtracts, f flickers, Escape closes.
        await cells.Nth(1).FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("d");
        var stage = page.Locator("dialog.stage");
        await Expect(stage).ToHaveAttributeAsync("data-drawn", "Difference");
        await Expect(stage.Locator("[data-result]")).ToContainTextAsync(Mean());
        Assert.Equal(await DifferenceByHandAsync(page), await ShownDifferenceAsync(stage), 0.006);
        await Expect(page).ToHaveURLAsync(DifferenceAddress());
        await tab.AssertAccessibleAsync("difference");

        // What is drawn is no even grey: it comes from the pictures.
        Assert.True(await stage.Locator("canvas").EvaluateAsync<bool>("canvas => { const d = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data; let unlike = 0; for (let i = 0; i < d.length; i += 4) if (d[i] !== 128) unlike++; return unlike > 50; }"));
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.NoPreference });
        await page.Keyboard.PressAsync("f");
        await Expect(stage).ToHaveAttributeAsync("data-drawn", "Flicker");
        await Expect(stage.Locator("[data-shown]")).ToHaveTextAsync("A");
        await Expect(stage.Locator("[data-shown]")).ToHaveTextAsync("B");

        // Who asked for less motion sees nothing move but by key.
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await page.Keyboard.PressAsync("d");
        await Expect(stage).ToHaveAttributeAsync("data-drawn", "Difference");
        await page.Keyboard.PressAsync("f");
        await Expect(stage).ToHaveAttributeAsync("data-drawn", "Flicker");
        var before = await stage.Locator("[data-shown]").TextContentAsync();
        await page.WaitForTimeoutAsync(1300);
        Assert.Equal(before, await stage.Locator("[data-shown]").TextContentAsync());
        await page.Keyboard.PressAsync(" ");
        await Expect(stage.Locator("[data-shown]")).Not.ToHaveTextAsync(before!);
        await page.Keyboard.PressAsync("Escape");
        await Expect(stage).ToHaveCountAsync(0);

        // On the sweep's page the parameters pick the run.
        await page.GotoAsync("/sweeps/1");
        await Expect(page.Locator(".sweep-samples-pick")).ToContainTextAsync("Exactly this");
        await page.Locator(".sweep-samples select").First.SelectOptionAsync("catch-up");
        await Expect(page.Locator(".sweep-samples-pick a")).ToHaveAttributeAsync("href", "/runs/2?tab=samples");
        await Expect(page.Locator(".matrix-cell")).ToHaveCountAsync(6);

        tab.AssertNoComplaints();
    }

    /// <summary>256 grids: one reading of the list, each picture asked for once, and none again at the next visit. How long it takes is written to the test's output.</summary>
    [Fact]
    public async Task A_matrix_of_eight_runs_eight_checkpoints_and_four_nfe_opens()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        await using var platform = new PlatformProcess(home.Path);
        await platform.StartAsync(cancellation);
        await platform.Api.SubmitAsync("name: many\nbase: { preset: fashion-tiny }\nreplicates: 8\nschedule: { requires: { labels: [nobody-has-this] } }", cancellation);
        await FillAsync(home.Path, runs: 8, steps: 8, [1, 2, 4, 8], cancellation);
        await using var browser = await ChromiumBrowser.StartAsync();
        await using var tab = await browser.OpenAsync(platform.Address, 1280, 1400);
        var page = tab.Page;
        var pictures = new System.Collections.Concurrent.ConcurrentBag<int>();
        page.Response += (_, answer) =>
        {
            if (answer.Url.Contains("/samples/", StringComparison.Ordinal))
            {
                pictures.Add(answer.FromServiceWorker ? 0 : answer.Status);
            }
        };

        // Twice in a fresh page: the first pays for what the server compiles at its first page ever.
        foreach (var visit in new[] { "first", "second", "third" })
        {
            await page.GotoAsync("/runs");
            await page.Locator("main h1").WaitForAsync();
            pictures.Clear();
            var clock = System.Diagnostics.Stopwatch.StartNew();
            await page.GotoAsync("/compare?runs=1,2,3,4,5,6,7,8&tab=samples&rows=run&columns=step", new() { WaitUntil = WaitUntilState.Commit });
            await page.EvaluateAsync(
                """
                async () => {
                  const done = () => {
                    const images = [...document.querySelectorAll('.matrix-cell img')];
                    const inSight = image => { const box = image.getBoundingClientRect(); return box.top < innerHeight && box.left < innerWidth; };
                    return images.length === 64 && images.filter(inSight).every(image => image.complete && image.naturalWidth > 0);
                  };
                  while (!done()) await new Promise(requestAnimationFrame);
                }
                """);
            TestContext.Current.TestOutputHelper!.WriteLine($"{visit} visit: 64 cells of 256 grids after {clock.ElapsedMilliseconds} ms, {pictures.Count} pictures asked for.");
        }

        await Expect(page.Locator(".matrix-cell")).ToHaveCountAsync(64);
        Assert.True(pictures.Count <= 64, $"{pictures.Count} pictures for 64 cells.");
        Assert.All(pictures, status => Assert.Equal(200, status));

        // The third dimension is a slider of buttons; each of its places has 64 pictures of its own.
        var before = await page.Locator(".matrix-cell img").First.GetAttributeAsync("src");
        await page.GetByRole(AriaRole.Group, new() { Name = "NFE" }).GetByRole(AriaRole.Button, new() { Name = "1", Exact = true }).ClickAsync();
        await Expect(page.Locator(".matrix-cell img").First).Not.ToHaveAttributeAsync("src", before!);
        await Expect(page.Locator(".matrix-cell")).ToHaveCountAsync(64);
        tab.AssertNoComplaints();
    }

    /// <summary>Writes grids of noise into the database and the artifacts, as ingest would.</summary>
    private static async Task FillAsync(string home, int runs, int steps, int[] nfes, CancellationToken cancellation)
    {
        const int Side = 6 * 28;
        var artifacts = new ArtifactDirectory(Path.Combine(home, "artifacts"));
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(home, "catchup.db")}");
        await connection.OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        foreach (var (run, step, nfe) in from run in Enumerable.Range(1, runs) from step in Enumerable.Range(1, steps) from nfe in nfes select (run, step * 100, nfe))
        {
            var file = Path.Combine(home, "picture.png");
            var png = NoisePng.Make(Side, Side, seed: HashCode.Combine(run, step, nfe));
            await File.WriteAllBytesAsync(file, png, cancellation);
            var sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(png));
            await artifacts.StoreAsync(file, sha256, keepsReserve: false, cancellation);
            await using var insert = connection.CreateCommand();
            insert.CommandText = "INSERT INTO samples (run_id, step, solver, nfe, head, noise_bank, rows, columns, cell_width, cell_height, sha256, bytes, at) VALUES (@run, @step, 'euler', @nfe, 1, 1, 6, 6, 28, 28, @sha256, @bytes, 0)";
            insert.Parameters.AddWithValue("@run", run);
            insert.Parameters.AddWithValue("@step", step);
            insert.Parameters.AddWithValue("@nfe", nfe);
            insert.Parameters.AddWithValue("@sha256", sha256);
            insert.Parameters.AddWithValue("@bytes", png.Length);
            await insert.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    private static async Task<double> ShownDifferenceAsync(ILocator stage)
    {
        var text = await stage.Locator("[data-result]").TextContentAsync();
        return double.Parse(Mean().Match(text!).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Of the two pictures that the large view names, computed apart from its code.</summary>
    private static Task<double> DifferenceByHandAsync(IPage page) => page.EvaluateAsync<double>(
        """
        async () => {
          const address = new URL(location.href);
          const b = document.querySelector(`.matrix-cell[data-sample="${address.searchParams.get('cell')}"]`);
          const row = b.closest('tr');
          const a = row.cells[b.closest('td').cellIndex - 1].querySelector('.matrix-cell');
          const pixels = async button => {
            const bitmap = await createImageBitmap(await (await fetch(button.querySelector('img').src)).blob());
            const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
            context.drawImage(bitmap, 0, 0);
            return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
          };
          const [x, y] = [await pixels(a), await pixels(b)];
          let sum = 0;
          for (let i = 0; i < x.length; i += 4) sum += Math.abs(x[i] - y[i]); // grey: one channel says it
          return sum / (x.length / 4);
        }
        """);

    [GeneratedRegex("columns=step")]
    private static partial Regex ColumnsOfSteps();

    [GeneratedRegex("nfe=2")]
    private static partial Regex TwoEvaluations();

    [GeneratedRegex("NFE 2 ")]
    private static partial Regex NfeTwo();

    [GeneratedRegex(@"Image [\d,]+ of synthetic, counted from 0; 320 were looked at\. Distance [\d.]+ by fashion-mnist-cnn-2, [\d.]+ times the usual distance")]
    private static partial Regex NearestWords();

    [GeneratedRegex(@"Mean absolute difference ([\d.]+) of 255")]
    private static partial Regex Mean();

    [GeneratedRegex("look=difference")]
    private static partial Regex DifferenceAddress();
}
