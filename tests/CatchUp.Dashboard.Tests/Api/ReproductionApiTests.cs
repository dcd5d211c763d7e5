using System.Security.Cryptography;
using System.Text;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Workers;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Dashboard.Tests.Api;

public sealed class ReproductionApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string OneRun = "name: one\nbase: { preset: fashion-tiny, data: { dataset: synthetic }, training: { iterations: 3 } }";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_is_reproduced_once_and_its_certificate_proves_itself()
    {
        var (_, runs) = await host.SubmitAsync(OneRun);
        var run = runs[0];
        await MakeAsync(run);

        var looked = await host.PostAsync($"/api/v1/runs/{run}/reproduce?dryRun=true");
        Assert.Equal((200, true), (looked.Status, looked.Json["notes"]!.AsArray().Count > 0));
        Assert.Null(looked.Json["id"]);
        var key = Guid.NewGuid().ToString();
        var queued = await host.PostAsync($"/api/v1/runs/{run}/reproduce", key: key);
        var again = await host.PostAsync($"/api/v1/runs/{run}/reproduce", key: key);

        Assert.Equal((201, 200), (queued.Status, again.Status));
        var reproduction = queued.Json["id"]!.GetValue<long>();
        Assert.Equal((reproduction, run), (again.Json["id"]!.GetValue<long>(), again.Json["reproducesRunId"]!.GetValue<long>()));
        Assert.Equal($"/api/v1/runs/{reproduction}", queued.Response.Headers.Location!.OriginalString);
        Assert.Equal(run, (await host.GetAsync($"/api/v1/runs/{reproduction}")).Json["reproducesRunId"]!.GetValue<long>());
        Assert.Equal([reproduction], (await host.GetAsync($"/api/v1/runs/{run}")).Json["reproductions"]!.AsArray().Select(id => id!.GetValue<long>()));
        Assert.Equal("pending", (await host.GetAsync($"/api/v1/runs/{reproduction}/certificate")).Json["content"]!["result"]!.GetValue<string>());

        await MakeAsync(reproduction);
        var certificate = await host.PostAsync($"/api/v1/runs/{reproduction}/certificate");

        Assert.Equal((200, "application/json"), (certificate.Status, certificate.Type));
        Assert.Equal(("same-bits", "Same bits: 3 points are identical."), (certificate.Json["content"]!["result"]!.GetValue<string>(), certificate.Json["content"]!["verdict"]!.GetValue<string>()));
        Assert.Equal(certificate.Text, (await host.GetAsync(queued.Json["certificate"]!.GetValue<string>())).Text);

        // As the documentation says: from "content": to the last brace.
        const string Mark = "\"content\":";
        var content = certificate.Text[(certificate.Text.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..^1];
        Assert.Equal(certificate.Json["sha256"]!.GetValue<string>(), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))));
    }

    [Fact]
    public async Task What_cannot_be_reproduced_or_has_no_certificate_is_told()
    {
        var (_, runs) = await host.SubmitAsync(OneRun);
        (await host.PostAsync("/api/v1/runs/99999/reproduce")).IsProblem(404, null, "There is no run 99999.");
        (await host.PostAsync("/api/v1/runs/x/reproduce")).IsProblem(400, "id", "is no id");
        (await host.PostAsync($"/api/v1/runs/{runs[0]}/reproduce", key: "again")).IsProblem(400, "Idempotency-Key", "is a GUID");
        (await host.PostAsync($"/api/v1/runs/{runs[0]}/reproduce?dryRum=true")).IsProblem(400, "dryRum", "Did you mean dryRun?");
        (await host.GetAsync("/api/v1/runs/99999/certificate")).IsProblem(404, null, "There is no run 99999.");
        (await host.GetAsync($"/api/v1/runs/{runs[0]}/certificate")).IsProblem(404, null, "repeats no other run, and none repeats it");
        (await host.GetAsync("/api/v1/source-patches/abc")).IsProblem(404, null, "No patch abc is stored.");
        var reproduction = (await host.PostAsync($"/api/v1/runs/{runs[0]}/reproduce")).Json["id"]!.GetValue<long>();
        (await host.GetAsync($"/api/v1/runs/{runs[0]}/certificate")).IsProblem(404, null, $"Those that repeat it have certificates: {reproduction}.");
        await host.PostAsync($"/api/v1/runs/{runs[0]}/cancel");
        await host.PostAsync($"/api/v1/runs/{reproduction}/cancel");
    }

    private async Task MakeAsync(long run)
    {
        var bus = host.Services.GetRequiredService<IBus>();
        RunAssigned? given = null;
        while (given?.RunId != run)
        {
            // What other tests of this host have queued is in the way.
            var claimed = await bus.CreateRequestClient<RequestRun>().GetResponse<RunAssigned, NothingToDo>(
                new RequestRun { Worker = "api-tests", Incarnation = Guid.NewGuid(), RequestId = Guid.NewGuid(), Capabilities = new WorkerCapabilities { Datasets = ["synthetic"] } }, Cancellation);
            Assert.True(claimed.Is(out Response<RunAssigned>? assigned), $"Run {run} was not handed out.");
            given = assigned!.Message;
        }

        JournalEntry[] journal =
        [
            new AttemptStarted { Environment = new Dictionary<string, string> { ["device"] = "cpu", ["dataset_sha256"] = new string('d', 64) } },
            .. Enumerable.Range(1, 3).Select(step => new PointsLogged { Step = step, Values = new Dictionary<string, double> { ["loss"] = 0.1 * step } }),
            new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 3 },
        ];
        await bus.CreateRequestClient<ShipJournal>().GetResponse<JournalStored, AttemptSuperseded>(
            new ShipJournal { RunId = run, Attempt = given.Attempt, Entries = [.. journal.Select((entry, index) => entry with { Number = index + 1, At = DateTimeOffset.UtcNow })] }, Cancellation);
    }
}
