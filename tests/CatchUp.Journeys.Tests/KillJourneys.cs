using System.Text.Json.Nodes;
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
        var undisturbed = await RunAsync(calmHome.Path, TinySweep.TwoRuns(), cancellation);

        var seed = Environment.TickCount;
        output.WriteLine($"Kills at random moments, seed {seed}.");
        var random = new Random(seed);
        // Of the 120 steps of both runs: one kill early, one about the change of runs, one late.
        int[] moments = [random.Next(1, 45), random.Next(45, 80), random.Next(80, 119)];
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

            var running = await WaitForStepsAsync(platform, moments[restarts], cancellation);
            output.WriteLine($"Killing at: {string.Join(", ", running.Select(run => $"{run["name"]} {run["state"]} step {run["step"]} attempt {run["attempt"]}"))}");
            await platform.KillAsync();
            restarts++;
        }
    }

    [Fact]
    public async Task A_kill_during_a_checkpoint_write_costs_nothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var calmHome = new TemporaryFolder();
        var document = TinySweep.TwoRuns(iterations: 20, checkpointEvery: 1);
        var undisturbed = await RunAsync(calmHome.Path, document, cancellation);

        using var home = new TemporaryFolder();
        await using (var platform = new PlatformProcess(home.Path))
        {
            await platform.StartAsync(cancellation);
            await platform.Api.SubmitAsync(document, cancellation);
            await WaitForStepsAsync(platform, 3, cancellation);
            var torn = await KillDuringAWriteAsync(platform, cancellation);
            output.WriteLine($"Killed while {torn} was being written.");
        }

        await using var restarted = new PlatformProcess(home.Path);
        await restarted.StartAsync(cancellation);
        await restarted.Api.WaitForEndAsync(Limit, cancellation);
        await AssertSameAsync(undisturbed, restarted, cancellation);
    }

    /// <summary>Kills server and trainer together at the moment when a checkpoint has a temporary name.</summary>
    private static async Task<string> KillDuringAWriteAsync(PlatformProcess platform, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            var unfinished = Directory.EnumerateFiles(platform.Home, "*.safetensors*", SearchOption.AllDirectories)
                .FirstOrDefault(file => file.EndsWith(".tmp", StringComparison.Ordinal));
            if (unfinished is not null)
            {
                await platform.KillAllAsync();
                return Path.GetFileName(unfinished);
            }
        }
    }

    /// <summary>Waits until the runs have made so many steps together.</summary>
    private static async Task<IReadOnlyList<JsonNode>> WaitForStepsAsync(PlatformProcess platform, int steps, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Limit);
        while (true)
        {
            var runs = await platform.Api.RunsAsync(patience.Token);
            if (runs.Sum(run => run["step"]!.GetValue<int>()) >= steps)
            {
                return runs;
            }

            await Task.Delay(20, patience.Token);
        }
    }

    private static async Task<Dictionary<long, Results>> RunAsync(string home, string document, CancellationToken cancellation)
    {
        await using var platform = new PlatformProcess(home);
        await platform.StartAsync(cancellation);
        await platform.Api.SubmitAsync(document, cancellation);
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
