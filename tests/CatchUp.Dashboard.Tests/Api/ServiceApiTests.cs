using System.Text.Json.Nodes;

namespace CatchUp.Dashboard.Tests.Api;

public sealed class ServiceApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Health_says_live_and_ready()
    {
        Assert.Equal((200, "healthy"), await HealthAsync("/health/live"));
        Assert.Equal((200, "healthy"), await HealthAsync("/health/ready"));
        Assert.Equal("healthy", (await host.GetAsync("/health/ready")).Json["checks"]!["database"]!["status"]!.GetValue<string>());

        async Task<(int, string)> HealthAsync(string address)
        {
            var answer = await host.GetAsync(address);
            return (answer.Status, answer.Json["status"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task Workers_are_listed()
    {
        var answer = await host.GetAsync("/api/v1/workers");
        Assert.Equal(200, answer.Status);
        Assert.Equal(["items", "next", "total"], answer.Json.AsObject().Select(member => member.Key).Order());
    }

    [Fact]
    public async Task Openapi_describes_every_published_address()
    {
        var document = (await host.GetAsync("/openapi/v1.json")).Json;
        string[] published =
        [
            "get /api/v1/runs", "get /api/v1/runs/export", "get /api/v1/runs/{id}", "get /api/v1/runs/{id}/checkpoints", "get /api/v1/runs/{id}/checkpoints/{checkpoint}", "get /api/v1/runs/{id}/evaluations", "get /api/v1/runs/{id}/events",
            "get /api/v1/runs/{id}/log", "get /api/v1/runs/{id}/metrics", "get /api/v1/runs/{id}/points", "get /api/v1/curves", "get /api/v1/runs/{id}/samples", "get /api/v1/runs/{id}/samples/{sample}", "get /api/v1/runs/{id}/samples/{sample}.png", "get /api/v1/runs/{id}/samples/{sample}/neighbours.png", "get /api/v1/runs/{id}/samples/{sample}/trajectory.png", "get /api/v1/sweeps", "get /api/v1/sweeps/{id}", "get /api/v1/workers", "get /api/v1/workers/tokens",
            "post /api/v1/workers/tokens", "post /api/v1/workers/tokens/{id}/revoke", "post /api/v1/workers/{id}/drain", "post /api/v1/workers/{id}/undrain", "post /api/v1/workers/{id}/remove",
            "get /api/v1/artifacts/{sha256}", "head /api/v1/artifacts/{sha256}", "put /api/v1/artifacts/{sha256}", "get /api/v1/artifacts/{sha256}/upload", "post /api/v1/artifacts/{sha256}/verify",
            "get /api/v1/importance", "get /api/v1/storage", "post /api/v1/retention", "post /api/v1/runs/{id}/checkpoints/{checkpoint}/pin", "post /api/v1/runs/{id}/checkpoints/{checkpoint}/unpin",
            "post /api/v1/runs/{id}/cancel", "post /api/v1/runs/{id}/evaluate", "post /api/v1/runs/{id}/pause", "post /api/v1/runs/{id}/resume",
            "post /api/v1/runs/{id}/retry", "delete /api/v1/runs/{id}/exclusions", "post /api/v1/runs/{id}/reproduce", "get /api/v1/runs/{id}/certificate", "post /api/v1/runs/{id}/certificate", "get /api/v1/source-patches/{sha256}",
            "get /api/v1/schemas/sweep.json", "get /api/v1/queue", "post /api/v1/queue/move", "get /api/v1/digest",
            "get /api/v1/webhooks", "post /api/v1/webhooks", "put /api/v1/webhooks/{id}", "delete /api/v1/webhooks/{id}", "post /api/v1/webhooks/{id}/test", "get /api/v1/webhooks/{id}/deliveries",
            "get /api/v1/reports", "post /api/v1/reports", "get /api/v1/reports/{id}", "put /api/v1/reports/{id}", "delete /api/v1/reports/{id}", "post /api/v1/reports/{id}/blocks/{number}/freeze", "post /api/v1/reports/{id}/blocks/{number}/thaw",
            "get /api/v1/reports/{id}/blocks/{number}/data", "get /api/v1/reports/{id}/images/{sha256}.png", "get /api/v1/reports/{id}/export",
            "patch /api/v1/sweeps/{id}", "post /api/v1/sweeps/{id}/retry",
            "get /api/v1/sweeps/{id}/search", "get /api/v1/sweeps/{id}/trials", "get /api/v1/sweeps/{id}/ledger", "get /api/v1/sweeps/{id}/ledger/verify", "post /api/v1/sweeps/{id}/extend", "post /api/v1/sweeps/{id}/narrow",
            "post /api/v1/sweeps", "post /api/v1/sweeps/{id}/cancel", "post /api/v1/sweeps/{id}/pause", "post /api/v1/sweeps/{id}/resume",
        ];
        var described = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(method => $"{method.Key} {path.Key}"));
        Assert.NotNull(document["paths"]!["/api/v1/sweeps"]!["post"]!["requestBody"]!["content"]!["application/yaml"]);
        Assert.Equal(published.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Openapi_says_of_every_address_what_it_is_for_and_which_errors_it_answers()
    {
        var document = (await host.GetAsync("/openapi/v1.json")).Json;
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(method => (Name: $"{method.Key} {path.Key}", Operation: method.Value!))).ToList();
        var lacking = operations.SelectMany(one => Lacks(one.Name, one.Operation));
        Assert.Empty(lacking);

        static IEnumerable<string> Lacks(string name, JsonNode operation)
        {
            if (string.IsNullOrWhiteSpace(operation["summary"]?.GetValue<string>()))
            {
                yield return $"{name}: no summary";
            }

            var answers = operation["responses"]!.AsObject().Select(answer => answer.Key).ToList();
            if (!answers.Exists(status => status.StartsWith('2')))
            {
                yield return $"{name}: no answer when all is well";
            }

            // An upload is asked for before there is anything.
            var begins = name is "put /api/v1/artifacts/{sha256}" or "get /api/v1/artifacts/{sha256}/upload";
            if (name.Contains('{', StringComparison.Ordinal) && !begins && !answers.Contains("404"))
            {
                yield return $"{name}: not that there may be none";
            }

            if (!answers.Contains("400") || !answers.Contains("401"))
            {
                yield return $"{name}: not that its input may be wrong, or that one has to sign in";
            }
        }
    }

    [Fact]
    public async Task An_address_that_does_not_exist_is_a_problem_too()
    {
        (await host.GetAsync("/api/v1/nothing")).IsProblem(404, null, "/openapi/v1.json");
        (await host.GetAsync("/api/v2/runs")).IsProblem(404, null, "There is nothing at /api/v2/runs");
    }
}
