using CatchUp.Contracts.Workers;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Dashboard.Tests.Api;

public sealed class WorkerApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Json = "application/json";

    [Fact]
    public async Task A_worker_is_drained_undrained_and_removed_by_its_incarnation()
    {
        var token = (await host.PostAsync("/api/v1/workers/tokens", """{ "name": "lab-3" }""", Json)).Json;
        var worker = await BeatAsync(token["fingerprint"]!.GetValue<string>());
        Assert.Equal("ready", await StateAsync(worker));

        Assert.Equal(200, (await host.PostAsync($"/api/v1/workers/{worker}/drain?giveBack=true")).Status);
        Assert.Equal("draining", await StateAsync(worker));
        Assert.Equal(200, (await host.PostAsync($"/api/v1/workers/{worker}/undrain")).Status);
        Assert.Equal("ready", await StateAsync(worker));

        var removed = await host.PostAsync($"/api/v1/workers/{worker}/remove");
        Assert.Equal((200, "lab-3 is removed and its token revoked."), (removed.Status, removed.Json["message"]!.GetValue<string>()));
        Assert.Null(await StateAsync(worker));
        (await host.PostAsync($"/api/v1/workers/{worker}/drain")).IsProblem(404, null, "There is no worker");
    }

    [Fact]
    public async Task Commands_that_cannot_be_read_or_done_say_why()
    {
        (await host.PostAsync("/api/v1/workers/lab-3/drain")).IsProblem(400, "id", "'lab-3' is no worker.");
        (await host.PostAsync($"/api/v1/workers/{Guid.NewGuid()}/drain?giveBack=maybe")).IsProblem(400, "giveBack");
        (await host.PostAsync($"/api/v1/workers/{Guid.NewGuid()}/undrain?now=true")).IsProblem(400, "now");
        var own = await BeatAsync(null);
        (await host.PostAsync($"/api/v1/workers/{own}/remove")).IsProblem(409, null, "is the server's own worker");
    }

    [Fact]
    public async Task A_token_is_told_once_and_revoked_by_its_id()
    {
        var made = await host.PostAsync("/api/v1/workers/tokens", """{ "name": "once" }""", Json);
        Assert.Equal(201, made.Status);
        var secret = made.Json["token"]!.GetValue<string>();
        Assert.StartsWith("catchup_worker_", secret, StringComparison.Ordinal);

        var list = await host.GetAsync("/api/v1/workers/tokens");
        Assert.DoesNotContain(secret, list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(WorkerTokenHash.Of(secret), list.Text, StringComparison.Ordinal);
        var listed = list.Json["items"]!.AsArray().Single(token => token!["name"]!.GetValue<string>() == "once")!;
        Assert.Equal(WorkerTokenHash.Fingerprint(secret), listed["fingerprint"]!.GetValue<string>());
        Assert.Null(listed["token"]);

        var id = made.Json["id"]!.GetValue<long>();
        Assert.Equal(200, (await host.PostAsync($"/api/v1/workers/tokens/{id}/revoke")).Status);
        listed = (await host.GetAsync("/api/v1/workers/tokens")).Json["items"]!.AsArray().Single(token => token!["id"]!.GetValue<long>() == id)!;
        Assert.NotNull(listed["revokedAt"]);
        (await host.PostAsync("/api/v1/workers/tokens/999999/revoke")).IsProblem(404, null, "There is no token 999999.");
    }

    [Theory]
    [InlineData("", "body", "JSON object with name")]
    [InlineData("{}", "name", "A token's name has 1 to 200 characters")]
    [InlineData("""{ "name": "" }""", "name", "A token's name has 1 to 200 characters")]
    [InlineData("""{ "name": 3 }""", "name", "name is a text")]
    [InlineData("""{ "nme": "lab-3" }""", "nme", "Did you mean name?")]
    [InlineData("[]", "body", "JSON object with name")]
    [InlineData("name: lab-3", "body", "JSON object with name")]
    public async Task A_token_without_a_name_is_refused(string body, string field, string words) =>
        (await host.PostAsync("/api/v1/workers/tokens", body, Json)).IsProblem(400, field, words);

    [Fact]
    public async Task A_token_is_made_from_what_curl_calls_a_form() =>
        Assert.Equal(201, (await host.PostAsync("/api/v1/workers/tokens", """{ "name": "by curl" }""", "application/x-www-form-urlencoded")).Status);

    private async Task<string?> StateAsync(Guid worker) =>
        (await host.GetAsync("/api/v1/workers?limit=1000")).Json["items"]!.AsArray().FirstOrDefault(item => item!["incarnation"]!.GetValue<Guid>() == worker)?["state"]!.GetValue<string>();

    private async Task<Guid> BeatAsync(string? token)
    {
        var worker = Guid.NewGuid();
        var bus = host.Services.GetRequiredService<IBus>();
        await bus.CreateRequestClient<Heartbeat>().GetResponse<HeartbeatAnswer>(
            new Heartbeat { Worker = token is null ? "own" : "lab-3", Incarnation = worker, Version = "1", Token = token, Slots = [new SlotStatus()] }, TestContext.Current.CancellationToken);
        return worker;
    }
}
