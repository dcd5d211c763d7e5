using CatchUp.Contracts.Runs;
using CatchUp.Dashboard.Startup;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Dashboard.Tests.Startup;

/// <summary>The program as a process: its words, its exit status, its death.</summary>
[Trait("Speed", "Slow")]
public sealed class DashboardProcessTests : IDisposable
{
    private const int Limit = 240_000;

    private readonly TestHome home = new();

    public void Dispose() => home.Dispose();

    [Theory(Timeout = Limit)]
    [InlineData("Unknown option '--port'. Known are --demo, --urls, --home, --migrate-from, --new-token and --help.\n", "--port", "80")]
    [InlineData("--urls: http://0.0.0.0:5080 would be open to other machines, and without sign-in that is refused. Set CATCHUP_ADMIN_PASSWORD, which turns sign-in on; or use 127.0.0.1, localhost or [::1], and a tunnel (ssh -L 5080:127.0.0.1:5080) to reach it from elsewhere.\n", "--urls", "http://0.0.0.0:5080")]
    public async Task A_start_that_cannot_be_says_why_in_one_line(string words, params string[] arguments)
    {
        using var dashboard = DashboardProcess.Start(arguments);

        Assert.Equal((1, "", words), await dashboard.EndAsync());
    }

    [Fact(Timeout = Limit)]
    public async Task It_says_where_it_is_refuses_a_second_start_and_stops_at_control_c()
    {
        using var dashboard = DashboardProcess.Start("--home", home.Path, "--urls", "http://127.0.0.1:0", "--demo");
        var address = (await dashboard.LineAsync("CatchUp Platform is at "))["CatchUp Platform is at ".Length..];
        await dashboard.LineAsync("The demo sweep of 4 runs is queued: " + address + "/sweeps/");
        await dashboard.LineAsync("Ctrl+C stops it");

        using var second = DashboardProcess.Start("--home", home.Path);
        Assert.Equal((1, "", $"CatchUp Platform is already running with the data folder {home.Path} at {address}. Use that one, or choose another folder with --home.\n"), await second.EndAsync());

        dashboard.Interrupt();
        var (status, output, errors) = await dashboard.EndAsync();
        Assert.Equal((0, ""), (status, errors));
        Assert.Contains($"Its data is in {home.Path}", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Limit)]
    public async Task Killed_in_the_middle_of_runs_it_goes_on_without_losing_or_doubling_a_point()
    {
        for (var kill = 0; kill < 2; kill++)
        {
            using var dashboard = DashboardProcess.Start("--home", home.Path, "--urls", "http://127.0.0.1:0", "--demo");
            await dashboard.LineAsync("Ctrl+C stops it");
            while (!Directory.Exists(home.Of("attempts")) || !Directory.EnumerateFiles(home.Of("attempts"), "journal.ndjson", SearchOption.AllDirectories).Any())
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }

            await Task.Delay(Random.Shared.Next(1500), TestContext.Current.CancellationToken);
            await dashboard.KillAsync();
        }

        await using var last = await DashboardHost.StartAsync(new DashboardOptions { Home = home.Path, Urls = "http://127.0.0.1:0", Trainer = TestHome.Trainer }, TestContext.Current.CancellationToken);
        var runs = last.Services.GetRequiredService<RunStore>();
        var metrics = last.Services.GetRequiredService<MetricStore>();
        for (var run = 1; run <= 4; run++)
        {
            while ((await runs.FindAsync(run, TestContext.Current.CancellationToken))!.Summary.State is RunState.Queued or RunState.Running)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }

            Assert.Equal(RunState.Completed, (await runs.FindAsync(run, TestContext.Current.CancellationToken))!.Summary.State);
            var loss = Assert.Single(await metrics.SeriesAsync(run, ["loss"], null, null, 2000, TestContext.Current.CancellationToken));
            Assert.Equal(20, loss.TotalPoints);
            Assert.Equal(Enumerable.Range(1, 20).Select(step => (double?)(step + 0.25)), loss.Buckets.Select(bucket => bucket.First));
        }

        // A directory goes when all of it is stored, a moment after the run has ended.
        while (Directory.EnumerateDirectories(home.Of("attempts")).Any())
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
