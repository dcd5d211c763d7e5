using System.Text.Json;

namespace CatchUp.Dashboard.Tests.Api;

public sealed class SweepApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Document = """
        name: api
        project: tests
        base: { preset: fashion-tiny, data: { dataset: synthetic } }
        space:
          objective: [{ kind: rectified-flow }, { kind: catch-up, order: rk12 }]
        replicates: 2
        """;

    [Theory]
    [InlineData("application/yaml")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A_sweep_file_is_read_whatever_its_client_calls_it(string type)
    {
        var plan = await host.PostAsync("/api/v1/sweeps?dryRun=true", Document, type);

        Assert.True(plan.Status == 200, plan.Text);
        Assert.Equal(4, plan.Json["runs"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_sweep_is_stored_and_read_back()
    {
        var created = await host.PostAsync("/api/v1/sweeps", Document);

        Assert.True(created.Status == 201, created.Text);
        var id = created.Json["id"]!.GetValue<long>();
        Assert.Equal($"/api/v1/sweeps/{id}", created.Response.Headers.Location!.ToString());
        var sweep = await host.GetAsync($"/api/v1/sweeps/{id}");
        Assert.Equal(("api", "tests", 2, 2, 4), (sweep.Json["name"]!.GetValue<string>(), sweep.Json["project"]!.GetValue<string>(), sweep.Json["trials"]!.GetValue<int>(), sweep.Json["replicates"]!.GetValue<int>(), sweep.Json["runs"]!.GetValue<int>()));
        Assert.Equal(4, sweep.Json["states"]!["queued"]!.GetValue<int>());
        Assert.Equal("minimize", sweep.Json["objective"]!["goal"]!.GetValue<string>());
        Assert.Equal(Document, sweep.Json["document"]!.GetValue<string>());
        Assert.Null(sweep.Json["best"]);
        Assert.True(sweep.Json.AsObject().ContainsKey("best"), "What has no value is null, not missing.");
        var listed = await host.GetAsync("/api/v1/sweeps?filter=API");
        Assert.Contains(listed.Json["items"]!.AsArray(), item => item!["id"]!.GetValue<long>() == id);
        Assert.Equal(["items", "next", "total"], listed.Json.AsObject().Select(member => member.Key).Order());
    }

    [Fact]
    public async Task Json_is_a_sweep_file_too()
    {
        var created = await host.PostAsync("/api/v1/sweeps", """{ "name": "json", "base": { "preset": "fashion-tiny" } }""", "application/json");
        Assert.Equal((201, 1), (created.Status, created.Json["runs"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/octet-stream")]
    public async Task A_body_may_be_called_anything(string type) => Assert.Equal(201, (await host.PostAsync("/api/v1/sweeps", "name: typed", type)).Status);

    [Fact]
    public async Task The_same_idempotency_key_again_stores_nothing_again()
    {
        var key = Guid.NewGuid().ToString();
        var first = await host.PostAsync("/api/v1/sweeps", Document, key: key);
        var again = await host.PostAsync("/api/v1/sweeps", Document, key: key);
        Assert.Equal((201, 200), (first.Status, again.Status));
        Assert.Equal(first.Json["id"]!.GetValue<long>(), again.Json["id"]!.GetValue<long>());
        (await host.PostAsync("/api/v1/sweeps", Document, key: "again")).IsProblem(400, "Idempotency-Key", "is a GUID");
    }

    [Fact]
    public async Task Dry_run_plans_and_stores_nothing()
    {
        var before = (await host.GetAsync("/api/v1/sweeps?limit=1")).Json["total"]!.GetValue<int>();
        var plan = await host.PostAsync("/api/v1/sweeps?dryRun=true", Document);
        Assert.Equal((200, 4, 2), (plan.Status, plan.Json["runs"]!.GetValue<int>(), plan.Json["firstTrials"]!.AsArray().Count));
        Assert.Equal("rectified-flow", plan.Json["firstTrials"]![0]!["parameters"]!["objective.kind"]!.GetValue<string>());
        Assert.Equal(before, (await host.GetAsync("/api/v1/sweeps?limit=1")).Json["total"]!.GetValue<int>());
        (await host.PostAsync("/api/v1/sweeps?dryRun=yes", Document)).IsProblem(400, "dryRun", "true or false");
    }

    [Theory]
    [InlineData("name: a: b", "", "not YAML")]
    [InlineData("", "", "is a mapping")]
    [InlineData("name: x\nbase: { training: { learninRate: 1 } }", "base.training.learninRate", "Did you mean optimizer.learningRate?")]
    [InlineData("name: x\nbase: { training: { iterations: -3 } }", "base.training.iterations", "-3 is not")]
    [InlineData("name: x\nspace: {}", "space", "The space is empty")]
    [InlineData("name: x\nspace: { seed: [1] }", "space.seed", "replicates")]
    public async Task A_bad_sweep_file_is_refused_with_place_and_fix(string document, string field, string words)
    {
        foreach (var address in new[] { "/api/v1/sweeps", "/api/v1/sweeps?dryRun=true" })
        {
            var answer = await host.PostAsync(address, document);
            answer.IsProblem(400, field, words, "line ", "Nothing was stored.");
            var problem = answer.Json["problems"]![0]!;
            Assert.True(problem["line"]!.GetValue<int>() > 0);
            Assert.Equal(field, problem["path"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task A_hundred_thousand_and_one_runs_are_refused_with_their_count()
    {
        var answer = await host.PostAsync("/api/v1/sweeps", $"name: big\nreplicates: 11\nspace:\n  training.iterations: [{string.Join(", ", Enumerable.Range(1, 9091))}]");
        answer.IsProblem(400, "space", "100,001 runs");
    }

    [Fact]
    public async Task A_body_that_is_too_large_or_no_text_is_refused()
    {
        (await host.PostAsync("/api/v1/sweeps", "name: " + new string('x', 300_000))).IsProblem(413, null, "256 kB");
        using var bytes = new ByteArrayContent([0xff, 0xfe, 0x80]);
        (await host.SendAsync("/api/v1/sweeps", bytes)).IsProblem(400, "body", "UTF-8");
    }

    [Fact]
    public async Task Names_come_back_as_they_were_and_never_as_markup()
    {
        const string Name = "<script>alert('api')</script>";
        var (sweep, _) = await host.SubmitAsync(JsonSerializer.Serialize(new { name = Name, project = Name, owner = Name }));
        var answer = await host.GetAsync($"/api/v1/sweeps/{sweep}");
        Assert.Equal(("application/json", Name), (answer.Type, answer.Json["name"]!.GetValue<string>()));
        Assert.DoesNotContain("<script>", answer.Text, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task A_sweep_is_paused_resumed_and_cancelled()
    {
        var (sweep, runs) = await host.SubmitAsync(Document);
        Assert.Equal(200, (await host.PostAsync($"/api/v1/sweeps/{sweep}/pause")).Status);
        Assert.True((await host.GetAsync($"/api/v1/sweeps/{sweep}")).Json["paused"]!.GetValue<bool>());
        Assert.Equal(200, (await host.PostAsync($"/api/v1/sweeps/{sweep}/resume")).Status);
        var cancelled = await host.PostAsync($"/api/v1/sweeps/{sweep}/cancel");
        Assert.Equal("4 runs cancelled.", cancelled.Json["message"]!.GetValue<string>());
        Assert.Equal("cancelled", (await host.GetAsync($"/api/v1/runs/{runs[0]}")).Json["state"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    [InlineData("%3Cscript%3E")]
    public async Task An_id_that_is_no_id_is_refused(string id)
    {
        (await host.GetAsync($"/api/v1/sweeps/{id}")).IsProblem(400, "id", "is no id");
        (await host.PostAsync($"/api/v1/sweeps/{id}/cancel")).IsProblem(400, "id", "is no id");
    }

    [Fact]
    public async Task A_sweep_that_does_not_exist_is_not_found()
    {
        (await host.GetAsync("/api/v1/sweeps/123456")).IsProblem(404, null, "There is no sweep 123456.");
        (await host.PostAsync("/api/v1/sweeps/123456/pause")).IsProblem(404, null, "There is no sweep 123456.");
    }
}
