using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace CatchUp.Dashboard.Tests.Api;

public sealed class NightApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string OneRun = "name: night\nbase: { preset: fashion-tiny, data: { dataset: synthetic }, training: { iterations: 300 } }";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Digest_tells_what_waits_and_refuses_what_is_no_stretch_of_time()
    {
        var (sweep, _) = await host.SubmitAsync(OneRun);

        var digest = (await host.GetAsync("/api/v1/digest")).Json;

        Assert.Contains(digest["waiting"]!.AsArray(), waiting => waiting!["sweepId"]!.GetValue<long>() == sweep);
        Assert.Equal(0, digest["gpuSeconds"]!["training"]!.GetValue<double>());
        (await host.GetAsync("/api/v1/digest?from=2026-03-01T18:00:00")).IsProblem(400, "from", "with its zone");
        (await host.GetAsync("/api/v1/digest?from=2026-03-02T18:00:00Z&to=2026-03-01T18:00:00Z")).IsProblem(400, "from", "before to");
        (await host.GetAsync("/api/v1/digest?from=2025-03-02T18:00:00Z&to=2026-03-01T18:00:00Z")).IsProblem(400, "from", "31 days");
        (await host.GetAsync("/api/v1/digest?form=x")).IsProblem(400, "form", "Did you mean from?");
    }

    [Fact]
    public async Task Cancelled_run_can_be_retried_and_a_queued_one_cannot()
    {
        var (sweep, runs) = await host.SubmitAsync(OneRun);
        (await host.PostAsync($"/api/v1/runs/{runs[0]}/retry")).IsProblem(409, null, "is queued");
        Assert.Equal(200, (await host.PostAsync($"/api/v1/runs/{runs[0]}/cancel?checkpoint=true")).Status);

        (await host.PostAsync($"/api/v1/runs/{runs[0]}/retry?from=half")).IsProblem(400, "from", "checkpoint or zero");
        Assert.Equal(200, (await host.PostAsync($"/api/v1/runs/{runs[0]}/retry?from=zero")).Status);

        Assert.Equal("queued", (await host.GetAsync($"/api/v1/runs/{runs[0]}")).Json["state"]!.GetValue<string>());
        Assert.Empty((await host.GetAsync($"/api/v1/runs/{runs[0]}")).Json["exclusions"]!.AsArray());
        Assert.Equal("None of its runs has failed.", (await host.PostAsync($"/api/v1/sweeps/{sweep}/retry")).Json["message"]!.GetValue<string>());
        (await host.PostAsync("/api/v1/sweeps/99999/retry?from=zero")).IsProblem(404, null, "no sweep 99999");
    }

    [Fact]
    public async Task Webhook_can_be_added_changed_tested_and_removed()
    {
        (await host.PostAsync("/api/v1/webhooks", "[]", "application/json")).IsProblem(400, "body", "JSON object");
        (await host.PostAsync("/api/v1/webhooks", """{ "name": "x", "url": "http://169.254.169.254/latest", "events": ["run-failed"] }""", "application/json")).IsProblem(400, "url", "not public");
        (await host.PostAsync("/api/v1/webhooks", """{ "name": "x", "url": "https://hooks.invalid/", "events": ["digest"] }""", "application/json")).IsProblem(400, "digestAt", "07:30");

        var added = await host.PostAsync("/api/v1/webhooks", """{ "name": "team", "url": "https://hooks.invalid/", "events": ["run-failed"], "secret": "sixteen characters" }""", "application/x-www-form-urlencoded");

        Assert.Equal(201, added.Status);
        Assert.DoesNotContain("sixteen", added.Text, StringComparison.Ordinal);
        var id = added.Json["id"]!.GetValue<long>();
        using var body = JsonContent.Create(JsonNode.Parse("""{ "name": "team", "url": "https://hooks.invalid/", "events": ["sweep-finished"] }"""));
        var changed = await ApiAnswer.ReadAsync(await host.Client.PutAsync(new Uri($"/api/v1/webhooks/{id}", UriKind.Relative), body, Cancellation));
        Assert.Equal((200, true, "sweep-finished"), (changed.Status, changed.Json["hasSecret"]!.GetValue<bool>(), changed.Json["events"]![0]!.GetValue<string>()));
        Assert.Equal(200, (await host.PostAsync($"/api/v1/webhooks/{id}/test")).Status);
        Assert.Equal("test", (await host.GetAsync($"/api/v1/webhooks/{id}/deliveries")).Json["items"]![0]!["event"]!.GetValue<string>());
        Assert.Equal(200, (await ApiAnswer.ReadAsync(await host.Client.DeleteAsync(new Uri($"/api/v1/webhooks/{id}", UriKind.Relative), Cancellation))).Status);
        (await host.GetAsync($"/api/v1/webhooks/{id}/deliveries")).IsProblem(404, null, "no webhook");
    }
}
