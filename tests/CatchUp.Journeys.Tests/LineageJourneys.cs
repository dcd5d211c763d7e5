using CatchUp.Journeys.Tests.Platform;

namespace CatchUp.Journeys.Tests;

/// <summary>Runs that start from other runs.</summary>
public sealed class LineageJourneys
{
    private const string Chain = """
        name: chain
        project: journeys
        base:
          preset: fashion-tiny
          data: { dataset: synthetic }
          network: { channels: 8, channelMultipliers: [1], patchSize: 4 }
          training: { iterations: 30, batchSize: 8, logEvery: 1, checkpointEvery: 10 }
          samples: { images: 4 }
        variants:
          - { name: teacher, objective: { kind: catch-up, order: rk23 } }
          - { name: halved, objective: { kind: progressive-distillation, timeSteps: 4 }, initialRun: { run: teacher } }
          - { name: one-step, objective: { kind: final-distillation, pairs: 20 }, initialRun: { run: teacher } }
          - { name: straightened, objective: { kind: rectified-flow }, coupling: { kind: reflow, pairs: 20, nfe: 4 }, initialRun: { run: halved } }
        evaluation: { every: 0, solvers: [euler], nfe: [1], samples: 60 }
        """;

    [Fact]
    public async Task Students_wait_for_their_teachers_and_a_snapshot_is_evaluated_again_later()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        await using var platform = new PlatformProcess(home.Path);
        await platform.StartAsync(cancellation);

        await platform.Api.SubmitAsync(Chain, cancellation);
        var runs = await platform.Api.WaitForEndAsync(TimeSpan.FromMinutes(4), cancellation);

        Assert.All(runs, run => Assert.Equal("completed", run["state"]!.GetValue<string>()));
        Assert.Equal(["chain/teacher", "chain/halved", "chain/one-step", "chain/straightened"], runs.Select(run => run["name"]!.GetValue<string>()));
        var ids = runs.Select(run => run["id"]!.GetValue<long>()).ToList();
        Assert.Equal([null, ids[0], ids[0], ids[1]], runs.Select(run => run["parentRunId"]?.GetValue<long>()));
        // A student's history begins after its teacher's ends.
        Assert.All(runs.Skip(1), run => Assert.True(
            run["startedAt"]!.GetValue<DateTimeOffset>() >= runs.Single(other => other["id"]!.GetValue<long>() == run["parentRunId"]!.GetValue<long>())["endedAt"]!.GetValue<DateTimeOffset>()));

        var before = await platform.Api.EvaluationsAsync(ids[0], cancellation);
        var (status, _) = await platform.Api.PostAsync($"/api/v1/runs/{ids[0]}/evaluate", """{ "solvers": ["heun", "dpm-solver-2"], "nfe": [3], "heads": [1, 2] }""", cancellation);
        Assert.Equal(System.Net.HttpStatusCode.Created, status);
        var evaluation = (await platform.Api.WaitForEndAsync(TimeSpan.FromMinutes(2), cancellation))[^1];

        Assert.Equal(("completed", "evaluate"), (evaluation["state"]!.GetValue<string>(), evaluation["kind"]!.GetValue<string>()));
        var after = await platform.Api.EvaluationsAsync(ids[0], cancellation);
        Assert.Equal(
            ["fid 30 dpm-solver-2 3 1", "fid 30 dpm-solver-2 3 2", "fid 30 heun 3 1", "fid 30 heun 3 2"],
            after.Keys.Except(before.Keys));
        Assert.All(before, result => Assert.Equal(result.Value, after[result.Key]));
    }
}
