using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CatchUp.Journeys.Tests.Browser;
using CatchUp.Journeys.Tests.Platform;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CatchUp.Journeys.Tests;

/// <summary>Fifty runs of ten configurations with five thousand points each, drawn, read, zoomed and taken away in a real Chromium. Their numbers are made up; what draws them is the product.</summary>
public sealed partial class CurveJourneys
{
    private const int Runs = 50, Steps = 5000;

    // A machine with other work to do needs more than the usual five seconds for fifty curves.
    static CurveJourneys() => SetDefaultExpectTimeout(30_000);

    private const string Sweep = """
        name: overlay
        base: { preset: fashion-tiny }
        space: { optimizer.learningRate: [1e-4, 2e-4, 3e-4, 4e-4, 5e-4, 6e-4, 7e-4, 8e-4, 9e-4, 1e-3] }
        replicates: 5
        schedule: { requires: { labels: [nobody-has-this] } }
        """;

    private static readonly string AllRuns = string.Join(',', Enumerable.Range(1, Runs));

    [Fact]
    public async Task Fifty_runs_are_overlaid_zoomed_together_and_taken_away_as_files()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        await MakeAsync(home.Path, cancellation);
        await using var platform = new PlatformProcess(home.Path);
        await platform.StartAsync(cancellation);
        await using var browser = await ChromiumBrowser.StartAsync();
        await using var tab = await browser.OpenAsync(platform.Address);
        var page = tab.Page;
        await page.AddInitScriptAsync("window.drawn = []; new PerformanceObserver(list => drawn.push(...list.getEntriesByName('catchup:draw').map(entry => entry.duration))).observe({ type: 'measure' });");

        // Each run, two metrics side by side.
        await page.GotoAsync($"/compare?tab=curves&by=run&runs={AllRuns}&metric=loss&metric=grad_norm");
        var charts = page.Locator(".chart-host");
        var legend = page.Locator("[aria-label='Curves of loss'] .chart-legend li");
        await Expect(legend).ToHaveCountAsync(Runs);
        await Expect(page.Locator(".chart-badge").First).ToHaveTextAsync(Drawn());
        await Expect(charts.Nth(1)).ToHaveAttributeAsync("data-range", "1 5000");
        await tab.AssertAccessibleAsync("fifty curves");
        await PictureAsync(page, "curves-fifty");

        // All of them are read at the pointer, and the nearest stands out.
        var box = (await charts.First.BoundingBoxAsync())!;
        for (var i = 0; i < 60; i++)
        {
            await page.Mouse.MoveAsync(box.X + 70 + (i * 6), box.Y + 40 + (i * 3));
        }

        await page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + 190);
        await Expect(page.Locator("[aria-label='Curves of loss'] .chart-tip tr")).ToHaveCountAsync(Runs);
        await PictureAsync(page, "curves-hover");

        // A stretch drawn with the pointer is seen in both charts and in the address.
        await page.Mouse.MoveAsync(box.X + 200, box.Y + 100);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + 320, box.Y + 110, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        await Expect(page).ToHaveURLAsync(Zoomed());
        await Expect(charts.Nth(1)).Not.ToHaveAttributeAsync("data-range", "1 5000");
        Assert.Equal(await charts.Nth(0).GetAttributeAsync("data-range"), await charts.Nth(1).GetAttributeAsync("data-range"));
        await charts.First.DblClickAsync();
        await Expect(charts.Nth(1)).ToHaveAttributeAsync("data-range", "1 5000");
        await Expect(page).Not.ToHaveURLAsync(Zoomed());

        // By the keyboard: read, zoom, all.
        await charts.First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.Locator(".chart-said").First).ToHaveTextAsync(Said());
        await page.Keyboard.PressAsync("+");
        await Expect(page).ToHaveURLAsync(Zoomed());
        await page.Keyboard.PressAsync("0");
        await Expect(charts.Nth(1)).ToHaveAttributeAsync("data-range", "1 5000");

        // Over time: run 1 logs a step every half second and was away for an hour in between.
        await page.GetByLabel("Drawn over").SelectOptionAsync("time");
        await Expect(charts.First).ToHaveAttributeAsync("data-range", Late());
        await Expect(page).ToHaveURLAsync(new Regex("view=time"));
        await page.GetByRole(AriaRole.Button, new() { Name = "log y" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "log x" }).ClickAsync();
        await PictureAsync(page, "curves-time-log");
        await Expect(page).ToHaveURLAsync(new Regex("view=time.log.logx"));
        await page.GetByLabel("Drawn over").SelectOptionAsync("images");
        await Expect(page.Locator(".chart-host").First).ToHaveAttributeAsync("aria-label", new Regex("over images seen"));
        await page.GetByLabel("Drawn over").SelectOptionAsync("step");
        await page.GetByRole(AriaRole.Button, new() { Name = "log y" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "log x" }).ClickAsync();
        await Expect(charts.First).ToHaveAttributeAsync("data-range", "1 5000");

        // Files.
        var badge = await page.Locator(".chart-badge").First.TextContentAsync();
        var csv = await SaveAsync(page, "loss as a CSV file", cancellation);
        var lines = System.Text.Encoding.UTF8.GetString(csv).TrimEnd().Split("\r\n");
        Assert.Equal("line,step,step from,step to,loss,low,high,points,not finite", lines[0]);
        Assert.Equal(int.Parse(badge!.Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture), lines.Length - 1);
        Assert.Equal(Runs, lines.Skip(1).Select(line => FirstField().Match(line).Value).Distinct().Count());
        var drawing = XDocument.Parse(System.Text.Encoding.UTF8.GetString(await SaveAsync(page, "loss as an SVG drawing", cancellation)));
        XNamespace svg = "http://www.w3.org/2000/svg";
        Assert.Equal(Runs, drawing.Descendants(svg + "g").Count(group => group.Attribute("data-series") is not null));
        Assert.Contains(drawing.Descendants(svg + "text"), text => text.Value == "step");
        var labels = await legend.AllInnerTextsAsync();
        Assert.All(labels, label => Assert.Contains(drawing.Descendants(svg + "text"), text => text.Value == label.Trim()));
        var png = await SaveAsync(page, "loss as a PNG picture", cancellation);
        Assert.Equal([0x89, 0x50, 0x4e, 0x47], png[..4]);
        Assert.Equal(1920, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        if (Environment.GetEnvironmentVariable("CATCHUP_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "curves-download.png"), png, cancellation);
        }

        // What is drawn as a shade holds every point.
        await BandAsync(page, "step");
        await BandAsync(page, "time");

        var times = (await page.EvaluateAsync<double[]>("drawn")).Order().ToArray();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times.Length} drawings of {Runs} curves: median {times[times.Length / 2]:0.0} ms, p95 {times[(int)(times.Length * 0.95)]:0.0} ms, slowest {times[^1]:0.0} ms"));

        // Replicates together: ten means of five runs each.
        await page.GetByRole(AriaRole.Button, new() { Name = "Replicates together" }).ClickAsync();
        await Expect(legend).ToHaveCountAsync(10);
        var tip = page.Locator("[aria-label='Curves of loss'] .chart-tip").First;
        // Once, and perhaps before the chart is made anew: a pointer that rests is read in the new one.
        await page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + 150);
        await Expect(tip).ToContainTextAsync("mean of 5 of 5 runs");
        await PictureAsync(page, "curves-means");
        tab.AssertNoComplaints();
    }

    [Fact]
    public async Task A_runs_restart_and_what_is_not_finite_are_marked_and_told()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        await MakeAsync(home.Path, cancellation);
        await using var platform = new PlatformProcess(home.Path);
        await platform.StartAsync(cancellation);
        await using var browser = await ChromiumBrowser.StartAsync();
        await using var tab = await browser.OpenAsync(platform.Address);
        var page = tab.Page;
        await page.GotoAsync("/runs/1?tab=metrics");
        var chart = page.Locator("section[aria-label='loss'] .chart-host");
        await Expect(chart).ToHaveAttributeAsync("data-range", "1 5000");
        await Expect(page.Locator("section[aria-label='loss'] .chart-badge")).ToHaveTextAsync(Drawn());
        var over = (await chart.Locator(".u-over").BoundingBoxAsync())!;

        // It was taken up again at step 2,000; steps 2,481 to 2,520 are NaN.
        await page.Mouse.MoveAsync(over.X + (over.Width * (2000 - 1) / 4999), over.Y + 60);
        await Expect(chart.Locator(".chart-tip")).ToContainTextAsync("Attempt 1 was lost at step 2,300; attempt 2 goes on from step 2,000.");
        await page.Mouse.MoveAsync(over.X + (over.Width * (2500 - 1) / 4999), over.Y + 60);
        await Expect(chart.Locator(".chart-tip")).ToContainTextAsync("not finite");
        await PictureAsync(page, "curves-run");

        // The same axis for all charts of the page.
        await page.GetByLabel("Drawn over").First.SelectOptionAsync("device");
        await Expect(page.Locator("section[aria-label='grad_norm'] .chart-host")).ToHaveAttributeAsync("aria-label", new Regex("over device time"));
        await Expect(page).ToHaveURLAsync(new Regex("view=device"));
        await tab.AssertAccessibleAsync("curves of a run");
        tab.AssertNoComplaints();
    }

    /// <summary>In the browser, with the code that draws: every raw point of three runs lies in the shade that is drawn from buckets.</summary>
    private static async Task BandAsync(IPage page, string axis)
    {
        var answer = await page.EvaluateAsync<JsonElement>(
            """
            async axis => {
              const { COLUMNS, parts, xRange, yRange } = await import('/js/charts/geometry.js');
              const curves = (await (await fetch(`/api/v1/curves?runs=2,3,4&metric=loss&axis=${axis}&buckets=90`)).json()).items;
              let [inside, outside] = [0, 0];
              for (const curve of curves) {
                const buckets = new Float64Array(curve.buckets.length * COLUMNS);
                curve.buckets.forEach((one, i) => buckets.set([one.step, one.start, one.end, one.low ?? NaN, one.high ?? NaN, one.value ?? NaN, one.count, one.notFinite], i * COLUMNS));
                const series = [{ key: '1', label: '1', colour: 0, dash: 0, width: curve.bucketWidth, meanOf: 0, marks: [], buckets }];
                const look = { axis, from: null, to: null, log: false, logX: false };
                const x = xRange(series, look);
                const { bands } = parts(series[0], look, { x, y: yRange(series, look, x) }, value => value, value => value);
                const raw = (await (await fetch(`/api/v1/runs/${curve.runId}/points?metric=loss`)).text()).trim().split('\r\n').slice(1).map(line => line.split(','));
                const began = Date.parse(raw[0][2]) / 1000 - curve.buckets[0].start;
                for (const [step, value, at] of raw) {
                  if (!Number.isFinite(Number(value))) continue;
                  const place = axis === 'step' ? Number(step) : Date.parse(at) / 1000 - began;
                  const holds = bands.some(band => {
                    const top = band.slice(0, band.length / 2);
                    const bottom = band.slice(band.length / 2).reverse();
                    for (let i = 0; i + 1 < top.length; i++) {
                      if (place < top[i][0] - 0.002 || place > top[i + 1][0] + 0.002) continue;
                      const share = top[i + 1][0] === top[i][0] ? 0 : Math.min(1, Math.max(0, (place - top[i][0]) / (top[i + 1][0] - top[i][0])));
                      const between = edge => edge[i][1] + share * (edge[i + 1][1] - edge[i][1]);
                      if (Number(value) <= between(top) + 1e-12 && Number(value) >= between(bottom) - 1e-12) return true;
                    }
                    return false;
                  });
                  if (holds) inside++;
                  else outside++;
                }
              }
              return { inside, outside };
            }
            """,
            axis);
        Assert.Equal(0, answer.GetProperty("outside").GetInt32());
        Assert.True(answer.GetProperty("inside").GetInt32() > 2 * Steps);
    }

    private static async Task<byte[]> SaveAsync(IPage page, string button, CancellationToken cancellation)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync(), new() { Timeout = 90_000 });
        return await File.ReadAllBytesAsync(await download.PathAsync(), cancellation);
    }

    /// <summary>A database with the sweep's runs, which nobody trains, and points written by hand.</summary>
    private static async Task MakeAsync(string home, CancellationToken cancellation)
    {
        await using (var platform = new PlatformProcess(home))
        {
            await platform.StartAsync(cancellation);
            await platform.Api.SubmitAsync(Sweep, cancellation);
            Assert.Equal(Runs, (await platform.Api.RunsAsync(cancellation)).Count);
        }

        var database = new SqliteConnection($"Data Source={Path.Combine(home, "catchup.db")};Pooling=False");
        await using (database)
        {
            await database.OpenAsync(cancellation);
            var command = database.CreateCommand();
            await using (command)
            {
                command.CommandTimeout = 120;
                command.CommandText = $"""
                    BEGIN;
                    INSERT INTO metrics (name) VALUES ('loss'), ('grad_norm');
                    -- Half a second a step; run 1 was away for an hour after step 2000.
                    WITH RECURSIVE steps (step) AS (SELECT 1 UNION ALL SELECT step + 1 FROM steps WHERE step < {Steps})
                    INSERT INTO points (run_id, metric_id, step, value, kind, at)
                    SELECT r.id, m.id, s.step, (1.0 + r.trial * 0.08) * 400.0 / (s.step + 300 + 40 * r.replicate) + ((s.step * 7919 + r.id * 104729) % 1000) / 16000.0 + CASE m.name WHEN 'loss' THEN 0 ELSE 0.4 END, 0,
                      r.created_at + s.step * 5000000 + CASE WHEN r.id = 1 AND s.step > 2000 THEN 36000000000 ELSE 0 END
                    FROM steps s CROSS JOIN runs r CROSS JOIN metrics m ORDER BY r.id, m.id, s.step;
                    UPDATE points SET value = NULL, kind = 1 WHERE run_id IN (1, 2) AND step BETWEEN 2481 AND 2520;
                    INSERT INTO buckets
                    SELECT run_id, 2, metric_id, step / 16, MIN(value), MAX(value), MIN(CASE WHEN kind = 0 THEN step END), NULL, MAX(CASE WHEN kind = 0 THEN step END), NULL, COUNT(*), SUM(kind <> 0)
                    FROM points GROUP BY run_id, metric_id, step / 16;
                    {string.Concat(new[] { 4, 6, 8 }.Select(level => $"""
                        INSERT INTO buckets
                        SELECT run_id, {level}, metric_id, bucket / 16, MIN(minimum), MAX(maximum), MIN(first_step), NULL, MAX(last_step), NULL, SUM(count), SUM(not_finite)
                        FROM buckets WHERE level = {level - 2} GROUP BY run_id, metric_id, bucket / 16;
                        """))}
                    UPDATE buckets SET
                      first_value = (SELECT value FROM points p WHERE p.run_id = buckets.run_id AND p.metric_id = buckets.metric_id AND p.step = first_step),
                      last_value = (SELECT value FROM points p WHERE p.run_id = buckets.run_id AND p.metric_id = buckets.metric_id AND p.step = last_step);
                    INSERT INTO attempts (run_id, number, worker, incarnation, slot, request_id, assignment, lease_expires_at, live, position, from_step, last_step, outcome, assigned_at, started_at, ended_at,
                      ended_by_journal, training_seconds, sampling_seconds, evaluation_seconds, lost_seconds, log_head_bytes, log_tail_bytes)
                    SELECT id, 1, 'w', '{Guid.NewGuid():D}', 0, '{Guid.NewGuid():D}', '', 0, 0, 1, 0, 2300, 'Lost', created_at, created_at, created_at + 11500000000, 1, 0, 0, 0, 0, 0, 0 FROM runs WHERE id = 1
                    UNION ALL
                    SELECT id, 2, 'w', '{Guid.NewGuid():D}', 0, '{Guid.NewGuid():D}', '', 0, 0, 1, 2000, 5000, 'Completed', created_at + 46000000000, created_at + 46000000000, created_at + 61000000000, 1, 0, 0, 0, 0, 0, 0 FROM runs WHERE id = 1;
                    COMMIT;
                    """;
                await command.ExecuteNonQueryAsync(cancellation);
            }
        }
    }

    private static async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("CATCHUP_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png") });
        }
    }

    [GeneratedRegex("^[\\d,]+ of (250,000|5,000) points$")]
    private static partial Regex Drawn();

    [GeneratedRegex("^(\"[^\"]*\"|[^,]*)")]
    private static partial Regex FirstField();

    [GeneratedRegex("view=\\d+-\\d+")]
    private static partial Regex Zoomed();

    [GeneratedRegex("^step [\\d,]+: .+ \\d.*, and 42 more$")]
    private static partial Regex Said();

    [GeneratedRegex("^0\\.5 6100$")]
    private static partial Regex Late();
}
