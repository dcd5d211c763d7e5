using CatchUp.Journeys.Tests.Platform;

namespace CatchUp.Journeys.Tests;

/// <summary>The whole process is killed with SIGKILL, again and again; nothing may be missing, twice or different afterwards.</summary>
public sealed class KillJourneys(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task A_sweep_survives_three_kills_of_the_whole_process()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var calmHome = new TemporaryFolder();
        var undisturbed = await RunAsync(calmHome.Path, cancellation);

        var seed = Environment.TickCount;
        output.WriteLine($"Kills at random moments, seed {seed}.");
        var random = new Random(seed);
        using var home = new TemporaryFolder();
        var restarts = 0;
        var submitted = false;
        while (true)
        {
            await using var platform = new PlatformProcess(home.Path);
            await platform.StartAsync(cancellation);
            if (!submitted)
            {
                await platform.Api.SubmitAsync(TinySweep.TwoRuns(), cancellation);
                submitted = true;
            }

            if (restarts == 3)
            {
                await platform.Api.WaitForEndAsync(Limit, cancellation);
                await AssertSameAsync(undisturbed, platform, cancellation);
                break;
            }

            await Task.Delay(TimeSpan.FromSeconds(1 + (5 * random.NextDouble())), cancellation);
            var running = await platform.Api.RunsAsync(cancellation);
            output.WriteLine($"Killing at: {string.Join(", ", running.Select(run => $"{run["name"]} {run["state"]} step {run["step"]} attempt {run["attempt"]}"))}");
            await platform.KillAsync();
            restarts++;
        }
    }

    private static async Task<Dictionary<long, Results>> RunAsync(string home, CancellationToken cancellation)
    {
        await using var platform = new PlatformProcess(home);
        await platform.StartAsync(cancellation);
        await platform.Api.SubmitAsync(TinySweep.TwoRuns(), cancellation);
        await platform.Api.WaitForEndAsync(Limit, cancellation);
        return await ResultsAsync(platform, cancellation);
    }

    private static async Task AssertSameAsync(Dictionary<long, Results> expected, PlatformProcess platform, CancellationToken cancellation)
    {
        var actual = await ResultsAsync(platform, cancellation);
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (var (run, results) in expected)
        {
            Assert.NotEmpty(results.Points);
            Assert.NotEmpty(results.Evaluations);
            Assert.Equal(results.Points, actual[run].Points);
            Assert.Equal(results.Evaluations, actual[run].Evaluations);
        }
    }

    private static async Task<Dictionary<long, Results>> ResultsAsync(PlatformProcess platform, CancellationToken cancellation)
    {
        var results = new Dictionary<long, Results>();
        foreach (var run in await platform.Api.RunsAsync(cancellation))
        {
            Assert.Equal("completed", run["state"]!.GetValue<string>());
            Assert.Equal(run["steps"]!.GetValue<int>(), run["step"]!.GetValue<int>());
            var id = run["id"]!.GetValue<long>();
            results.Add(id, new Results(await platform.Api.PointsAsync(id, cancellation), await platform.Api.EvaluationsAsync(id, cancellation)));
        }

        return results;
    }

    private sealed record Results(SortedDictionary<string, string> Points, SortedDictionary<string, string> Evaluations);
}
