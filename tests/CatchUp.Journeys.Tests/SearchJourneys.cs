using CatchUp.Journeys.Tests.Platform;

namespace CatchUp.Journeys.Tests;

/// <summary>Searches with real trainers.</summary>
public sealed class SearchJourneys
{
    [Fact]
    public async Task A_trial_that_falls_behind_at_a_gate_stops_within_its_last_evaluation()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        await using var platform = new PlatformProcess(home.Path);
        await platform.StartAsync(cancellation);

        // The second learns nothing; its full evaluation would take far longer than it takes to tell it.
        var sweep = await platform.Api.SubmitAsync(
            """
            name: gated
            base:
              preset: fashion-tiny
              data: { dataset: synthetic }
              network: { channels: 8, channelMultipliers: [1], patchSize: 4 }
              training: { iterations: 100, batchSize: 8 }
              ema: { decay: 0.5 }
              samples: { images: 0 }
            space: { optimizer.learningRate: [1e-2, 1e-8] }
            search: { stopping: { resource: samples, reduction: 2, least: 2, spared: 0 } }
            evaluation: { nfe: [1, 2], samples: 10000, gates: [100] }
            objective: { metric: fid, nfe: 2 }
            schedule: { maxParallel: 1 }
            """,
            cancellation);
        var runs = await platform.Api.WaitForEndAsync(TimeSpan.FromMinutes(4), cancellation);

        Assert.Equal(["completed", "pruned"], runs.Select(run => run["state"]!.GetValue<string>()));
        Assert.Equal([(1, 100), (2, 100), (1, 0), (2, 0)], await NumbersAsync(0));
        Assert.Equal([(1, 100), (2, 100)], (await NumbersAsync(1)).Where(number => number.Gate > 0));
        Assert.DoesNotContain((2, 0), await NumbersAsync(1));
        var events = await platform.Api.GetAsync($"/api/v1/runs/{runs[1]["id"]}/events", cancellation);
        Assert.Contains("Pruned at rung 1 of samples (100)", events.ToJsonString(), StringComparison.Ordinal);
        var verification = await platform.Api.GetAsync($"/api/v1/sweeps/{sweep}/ledger/verify", cancellation);
        Assert.True(verification["holds"]!.GetValue<bool>(), verification.ToJsonString());

        async Task<List<(int Nfe, int Gate)>> NumbersAsync(int run) =>
        [
            .. (await platform.Api.GetAsync($"/api/v1/runs/{runs[run]["id"]}/evaluations", cancellation))["items"]!.AsArray()
                .Select(made => (made!["nfe"]!.GetValue<int>(), made["gate"]!.GetValue<int>()))
                .OrderByDescending(made => made.Item2).ThenBy(made => made.Item1),
        ];
    }
}
