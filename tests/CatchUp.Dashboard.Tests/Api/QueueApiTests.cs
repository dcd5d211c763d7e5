using System.Text;

namespace CatchUp.Dashboard.Tests.Api;

public sealed class QueueApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Document = "name: queue-api\nbase: { preset: fashion-tiny, data: { dataset: synthetic } }\nreplicates: 3\n";

    [Fact]
    public async Task The_queue_is_listed_in_order_with_reasons_and_moved_by_hand()
    {
        var (_, runs) = await host.SubmitAsync(Document);

        var moved = await host.PostAsync("/api/v1/queue/move", $$"""{ "run": {{runs[2]}}, "to": "top" }""", "application/json");

        Assert.True(moved.Status == 200, moved.Text);
        var queue = await host.GetAsync("/api/v1/queue?limit=1000");
        var first = queue.Json["items"]![0]!;
        Assert.Equal((runs[2], 1, "Waiting: no worker is online."), (first["runId"]!.GetValue<long>(), first["position"]!.GetValue<int>(), first["reason"]!.GetValue<string>()));
        Assert.Equal("none", first["basis"]!.GetValue<string>());
        Assert.True(first.AsObject().ContainsKey("predictedEnd"));
    }

    [Theory]
    [InlineData("""{ "run": 1 }""", 400, "before", "Name one place")]
    [InlineData("""{ "to": "top" }""", 400, "run", "either the run or the sweep")]
    [InlineData("""{ "run": 1, "to": "bottom" }""", 400, "to", "to is \"top\"")]
    [InlineData("""{ "run": "x", "to": "top" }""", 400, "run", "run is an id")]
    [InlineData("""{ "rnu": 1, "to": "top" }""", 400, "rnu", "Did you mean run?")]
    [InlineData("[]", 400, "body", "JSON object")]
    [InlineData("""{ "run": 999999, "to": "top" }""", 404, null, "no run 999999")]
    public async Task A_move_that_cannot_be_is_a_problem(string body, int status, string? field, string words) =>
        (await host.PostAsync("/api/v1/queue/move", body, "application/json")).IsProblem(status, field, words);

    [Fact]
    public async Task A_sweeps_schedule_changes_while_it_waits()
    {
        var (sweep, _) = await host.SubmitAsync(Document);

        var changed = await PatchAsync(sweep, """{ "priority": 5, "maxParallel": 2, "window": "22:00-07:00 Europe/Berlin", "deadline": "2199-12-01T07:00 Europe/Berlin" }""");
        Assert.True(changed.Status == 200, changed.Text);
        var after = (await host.GetAsync($"/api/v1/sweeps/{sweep}")).Json;
        Assert.Equal(
            (5, 2, "22:00-07:00 Europe/Berlin", "2199-12-01T07:00 Europe/Berlin"),
            (after["priority"]!.GetValue<int>(), after["maxParallel"]!.GetValue<int>(), after["window"]!.GetValue<string>(), after["deadline"]!.GetValue<string>()));

        Assert.Equal(200, (await PatchAsync(sweep, """{ "window": null, "maxParallel": null }""")).Status);
        after = (await host.GetAsync($"/api/v1/sweeps/{sweep}")).Json;
        Assert.Equal((5, null, null), (after["priority"]!.GetValue<int>(), after["window"], after["maxParallel"]));
    }

    [Theory]
    [InlineData("""{ "priority": 5000 }""", "priority", "between")]
    [InlineData("""{ "priority": null }""", "priority", "whole number")]
    [InlineData("""{ "maxParallel": 0 }""", "maxParallel", "between 1")]
    [InlineData("""{ "window": "nights" }""", "window", "22:00-07:00 Europe/Berlin")]
    [InlineData("""{ "deadline": "2020-01-01T00:00Z" }""", "deadline", "has passed")]
    [InlineData("""{ "widnow": "x" }""", "widnow", "Did you mean window?")]
    public async Task A_schedule_that_cannot_be_names_the_field(string body, string field, string words)
    {
        var (sweep, _) = await host.SubmitAsync(Document);
        (await PatchAsync(sweep, body)).IsProblem(400, field, words);
    }

    [Fact]
    public async Task A_plan_says_when_it_would_finish_or_that_nobody_knows()
    {
        var plan = await host.PostAsync("/api/v1/sweeps?dryRun=true", Document);

        Assert.Equal((3, 3), (plan.Json["forecast"]!["open"]!.GetValue<int>(), plan.Json["forecast"]!["unknown"]!.GetValue<int>()));
        Assert.Null(plan.Json["forecast"]!["end"]);
    }

    private async Task<ApiAnswer> PatchAsync(long sweep, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await ApiAnswer.ReadAsync(await host.Client.PatchAsync(new Uri($"/api/v1/sweeps/{sweep}", UriKind.Relative), content, TestContext.Current.CancellationToken));
    }
}
