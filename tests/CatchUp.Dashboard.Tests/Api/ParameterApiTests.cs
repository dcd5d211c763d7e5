using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Workers;
using CatchUp.Dashboard.Tests.Parameters;
using CatchUp.Dashboard.Tests.Support;
using CatchUp.Tracking.Runs;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Dashboard.Tests.Api;

public sealed class ParameterApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Importance_tells_keys_shares_and_predictions()
    {
        var (sweep, runs) = await host.SubmitAsync(Trained.Sweep);
        for (var index = 0; index < runs.Count; index++)
        {
            await MeasureAsync();
        }

        var answer = (await host.GetAsync($"/api/v1/importance?filter=sweep:{sweep}&metric=fid[euler,%20nfe=4]")).Json;

        Assert.Equal(("fid[euler, nfe=4]", 30, 0, 0), (answer["metric"]!.GetValue<string>(), answer["runs"]!.GetValue<int>(), answer["without"]!.GetValue<int>(), answer["unlike"]!.GetValue<int>()));
        Assert.Equal("fashion-mnist-cnn-2 · 500 samples · vs fashion-mnist train", answer["protocol"]!.GetValue<string>());
        Assert.Null(answer["notEnough"]);
        Assert.InRange(answer["r2"]!.GetValue<double>(), 0.5, 1);
        var first = answer["keys"]![0]!;
        Assert.Equal("objective.order", first["key"]!.GetValue<string>());
        Assert.InRange(first["share"]!.GetValue<double>(), 0.6, 1);
        Assert.Equal(["rk12", "rk23", "rk34"], first["marginals"]!.AsArray().Select(value => value!["from"]!.GetValue<string>()).Order());
        Assert.Equal(1, first["marginals"]!.AsArray().Sum(value => value!["share"]!.GetValue<double>()), 1e-9);

        // The usual metric where none is asked for; too few runs say so.
        var few = (await host.GetAsync($"/api/v1/importance?filter=id:{runs[0]},{runs[29]}")).Json;
        Assert.Equal("fid[euler, nfe=4]", few["metric"]!.GetValue<string>());
        Assert.StartsWith("Not enough runs to tell: 2 different configurations", few["notEnough"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(few["keys"]!.AsArray());
    }

    [Fact]
    public async Task What_is_no_number_or_no_filter_is_refused()
    {
        (await host.GetAsync("/api/v1/importance?metric=state")).IsProblem(400, "metric", "state is no number that comes of a run");
        (await host.GetAsync("/api/v1/importance?metric=fdi[nfe=4]")).IsProblem(400, "metric");
        (await host.GetAsync("/api/v1/importance?filter=objectve.order%20%3D%20rk12")).IsProblem(400, "filter", "objective.order");
        (await host.GetAsync("/api/v1/importance?measure=loss")).IsProblem(400, "measure");
    }

    private async Task MeasureAsync()
    {
        var bus = host.Services.GetRequiredService<IBus>();
        var request = new RequestRun { Worker = "test", Incarnation = Guid.NewGuid(), RequestId = Guid.NewGuid(), Capabilities = new WorkerCapabilities { Datasets = ["fashion-mnist-10k"] } };
        var assigned = (await bus.CreateRequestClient<RequestRun>().GetResponse<RunAssigned>(request, Cancellation)).Message;
        var run = (await host.Services.GetRequiredService<RunStore>().FindAsync(assigned.RunId, Cancellation))!.Summary;
        JournalEntry[] entries = [new AttemptStarted { Parameters = 1 }, PageWorld.Fid(Trained.FidOf(run)), new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 2 }];
        await bus.CreateRequestClient<ShipJournal>().GetResponse<JournalStored>(
            new ShipJournal { RunId = assigned.RunId, Attempt = assigned.Attempt, Entries = [.. entries.Select((entry, index) => entry with { Number = index + 1, At = DateTimeOffset.UtcNow })] }, Cancellation);
    }
}
