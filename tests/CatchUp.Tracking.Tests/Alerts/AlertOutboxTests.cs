using System.Text.Json.Nodes;
using CatchUp.Contracts.Journal;
using CatchUp.Tracking.Alerts;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Tests.Searches;
using CatchUp.Tracking.Tests.Support;

namespace CatchUp.Tracking.Tests.Alerts;

public sealed class AlertOutboxTests
{
    [Theory, OnBothDatabases]
    public async Task Failure_becomes_one_message_a_webhook_that_wants_it(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await AddAsync(world, new() { OnFailure = true });
        await AddAsync(world, new() { OnSweepFinished = true });
        await AddAsync(world, new() { OnFailure = true, Enabled = false });
        await world.QueueAsync(2, "<!channel> @everyone");
        await EndAsync(world, AttemptOutcome.Failed);

        Assert.Equal(1, await WriteAsync(world));
        Assert.Equal(0, await WriteAsync(world));

        var message = JsonNode.Parse(Assert.Single(await DeliveriesAsync(world)).Body)!;
        Assert.Equal("run-failed", message["event"]!.GetValue<string>());
        Assert.Equal("<!channel> @everyone-0", message["runs"]![0]!["name"]!.GetValue<string>());
        var text = message["text"]!.GetValue<string>();
        Assert.Contains("It broke. Mend it.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<!", text, StringComparison.Ordinal);
        Assert.DoesNotContain("@everyone", text, StringComparison.Ordinal);
        Assert.Empty(message["allowed_mentions"]!["parse"]!.AsArray());
    }

    [Theory, OnBothDatabases]
    public async Task Failures_that_follow_at_once_come_together_a_minute_later(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await AddAsync(world, new() { OnFailure = true });
        await world.QueueAsync(4);
        await EndAsync(world, AttemptOutcome.Failed);
        await WriteAsync(world);
        await EndAsync(world, AttemptOutcome.Failed);
        await EndAsync(world, AttemptOutcome.Failed);

        Assert.Equal(0, await WriteAsync(world));
        world.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(1, await WriteAsync(world));

        var last = JsonNode.Parse((await DeliveriesAsync(world))[0].Body)!;
        Assert.Equal((2, 2), (last["total"]!.GetValue<int>(), last["runs"]!.AsArray().Count));
    }

    [Theory, OnBothDatabases]
    public async Task Sweep_that_searches_is_told_finished_when_no_other_trial_comes(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await AddAsync(world, new() { OnSweepFinished = true });
        var search = await SearchSimulation.LaunchAsync(world, SearchSimulation.Document("method: random, trials: 9"));

        // The first eight have ended, and the ninth is not proposed yet.
        for (var run = 0; run < 8; run++)
        {
            Assert.NotNull(await search.RunOneAsync(() => Task.CompletedTask));
        }

        Assert.Equal(0, await WriteAsync(world));
        await search.AdvanceAsync();
        Assert.NotNull(await search.RunOneAsync(() => Task.CompletedTask));
        Assert.Equal(0, await WriteAsync(world));
        await search.AdvanceAsync();
        Assert.Equal(1, await WriteAsync(world));
        Assert.Equal(9, JsonNode.Parse(Assert.Single(await DeliveriesAsync(world)).Body)!["completed"]!.GetValue<int>());
    }

    [Theory, OnBothDatabases]
    public async Task Sweep_is_told_finished_once_when_its_last_run_has_ended_and_again_after_a_retry(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await AddAsync(world, new() { OnSweepFinished = true });
        var runs = await world.QueueAsync(2, "orders", change: sweep => (sweep.ObjectiveMetric, sweep.ObjectiveNfe, sweep.ObjectiveGoal) = ("fid", 4, Tracking.Sweeps.SweepGoal.Minimize));
        await EndAsync(world, AttemptOutcome.Completed, 12.5);
        Assert.Equal(0, await WriteAsync(world));
        await EndAsync(world, AttemptOutcome.Failed);

        Assert.Equal(1, await WriteAsync(world));

        var message = JsonNode.Parse(Assert.Single(await DeliveriesAsync(world)).Body)!;
        Assert.Equal((1, 1, 12.5, "orders-0"), (message["completed"]!.GetValue<int>(), message["failed"]!.GetValue<int>(), message["best"]!["value"]!.GetValue<double>(), message["best"]!["run"]!.GetValue<string>()));
        Assert.Contains("fid 12.5", message["text"]!.GetValue<string>(), StringComparison.Ordinal);

        world.Time.Advance(TimeSpan.FromSeconds(1));
        await world.Runs.RetryAsync(runs[1], fromZero: false, TestWorld.Cancellation);
        await EndAsync(world, AttemptOutcome.Completed);
        Assert.Equal(1, await WriteAsync(world));
    }

    [Theory, OnBothDatabases]
    public async Task Digest_is_written_once_at_its_time_by_the_clocks_of_its_place(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await AddAsync(world, new() { DigestAt = "07:30", DigestZone = "Europe/Berlin" });
        await world.QueueAsync(2, "orders");
        await EndAsync(world, AttemptOutcome.Completed);
        Assert.Equal(0, await WriteAsync(world));
        world.Time.SetUtcNow(new(2026, 3, 2, 6, 29, 59, TimeSpan.Zero));
        Assert.Equal(0, await WriteAsync(world));
        world.Time.SetUtcNow(new(2026, 3, 2, 6, 30, 0, TimeSpan.Zero));

        Assert.Equal(1, await WriteAsync(world));
        Assert.Equal(0, await WriteAsync(world));

        var message = JsonNode.Parse(Assert.Single(await DeliveriesAsync(world)).Body)!;
        Assert.Equal(("2026-03-01T17:00:00Z", 1, 1), (message["from"]!.GetValue<DateTime>().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null), message["completed"]!.GetValue<int>(), message["waiting"]!.GetValue<int>()));
        Assert.StartsWith("Night 2026-03-01 18:00 to 2026-03-02 07:30 (Europe/Berlin)", message["text"]!.GetValue<string>(), StringComparison.Ordinal);
        world.Time.SetUtcNow(new(2026, 3, 3, 6, 30, 0, TimeSpan.Zero));
        Assert.Equal(1, await WriteAsync(world));
        // A server that was away for the whole day does not send a digest in the evening.
        world.Time.SetUtcNow(new(2026, 3, 4, 20, 0, 0, TimeSpan.Zero));
        Assert.Equal(0, await WriteAsync(world));
    }

    [Theory, OnBothDatabases]
    public async Task Message_is_claimed_by_one_of_two_servers_and_by_another_when_the_first_dies(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var webhook = await AddAsync(world, new() { OnFailure = true });
        for (var message = 0; message < 20; message++)
        {
            await world.Get<AlertStore>().TestAsync(webhook, TestWorld.Cancellation);
        }

        var outbox = world.Get<AlertOutbox>();
        var claims = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => outbox.ClaimAsync(8, TestWorld.Cancellation), TestWorld.Cancellation)));
        List<AlertOutbox.Delivery> rest = [.. await outbox.ClaimAsync(20, TestWorld.Cancellation), .. await outbox.ClaimAsync(20, TestWorld.Cancellation)];

        var all = claims.SelectMany(claim => claim).Concat(rest).Select(delivery => delivery.Id).ToList();
        Assert.Equal((20, 20), (all.Count, all.Distinct().Count()));
        Assert.Empty(await outbox.ClaimAsync(20, TestWorld.Cancellation));
        world.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(20, (await outbox.ClaimAsync(20, TestWorld.Cancellation)).Count(delivery => delivery.Tries == 2));
    }

    [Theory, OnBothDatabases]
    public async Task Message_that_is_not_taken_is_sent_again_later_and_given_up_in_the_end(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await using var receiver = new Receiver { Answer = _ => "503 Busy" };
        var webhook = await AddAsync(world, new() { OnFailure = true });
        await world.Get<AlertStore>().TestAsync(webhook, TestWorld.Cancellation);
        var outbox = world.Get<AlertOutbox>();
        using var sender = new WebhookSender(WebhookTargets.Parse("127.0.0.1"), world.Time);

        for (var tries = 1; tries <= 8; tries++)
        {
            var delivery = Assert.Single(await outbox.ClaimAsync(8, TestWorld.Cancellation));
            Assert.Equal(tries, delivery.Tries);
            await outbox.EndAsync(delivery, await sender.SendAsync(receiver.Url, null, delivery.Kind, delivery.Message, delivery.Body, TestWorld.Cancellation), TestWorld.Cancellation);
            Assert.Empty(await outbox.ClaimAsync(8, TestWorld.Cancellation));
            world.Time.Advance(TimeSpan.FromHours(4));
        }

        var ended = Assert.Single(await DeliveriesAsync(world));
        Assert.Equal((DeliveryState.GivenUp, 8, 503, "It answered 503."), (ended.State, ended.Tries, ended.Status, ended.Problem));
        Assert.Equal(8, receiver.Messages.Count);
        Assert.Single(receiver.Messages.Select(message => message.Headers["X-CatchUp-Id"]).Distinct());
        Assert.Empty(await outbox.ClaimAsync(8, TestWorld.Cancellation));
    }

    [Theory, OnBothDatabases]
    public async Task Webhook_is_checked_changed_and_removed_with_its_messages(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var store = world.Get<AlertStore>();
        var problems = store.Problems(new() { Name = "", Url = "http://10.0.0.1/", Secret = "short", DigestAt = "25:00", DigestZone = "Mars" });
        Assert.Equal(["digestAt", "digestZone", "name", "secret", "url"], problems.Keys.Order());
        await Assert.ThrowsAsync<ArgumentException>(() => store.AddAsync(new() { Name = "x", Url = "https://example.org/", }, TestWorld.Cancellation));
        var webhook = await store.AddAsync(new() { Name = " team ", Url = "https://hooks.example.org/a", Secret = "sixteen characters", OnFailure = true }, TestWorld.Cancellation);
        Assert.Equal(("team", true), (webhook!.Name, webhook.HasSecret));

        var kept = await store.ChangeAsync(webhook.Id, new() { Name = "team", Url = "https://hooks.example.org/b", OnSweepFinished = true }, TestWorld.Cancellation);
        Assert.Equal(("https://hooks.example.org/b", true, false), (kept!.Url, kept.HasSecret, kept.OnFailure));
        Assert.False((await store.ChangeAsync(webhook.Id, new() { Name = "team", Url = kept.Url, Secret = "", OnFailure = true }, TestWorld.Cancellation))!.HasSecret);

        await store.TestAsync(webhook.Id, TestWorld.Cancellation);
        Assert.Equal(CommandResult.Accepted, (await store.RemoveAsync(webhook.Id, TestWorld.Cancellation)).Result);
        Assert.Empty(await DeliveriesAsync(world));
        Assert.Equal(CommandResult.NotFound, (await store.TestAsync(webhook.Id, TestWorld.Cancellation)).Result);
        Assert.Equal(CommandResult.NotFound, (await store.RemoveAsync(webhook.Id, TestWorld.Cancellation)).Result);
    }

    private static async Task<long> AddAsync(TestWorld world, WebhookDraft draft) =>
        (await world.Get<AlertStore>().AddAsync(draft with { Name = "hook", Url = "https://hooks.example.org/abc" }, TestWorld.Cancellation))!.Id;

    private static Task<int> WriteAsync(TestWorld world) => world.Get<AlertOutbox>().WriteAsync(TestWorld.Cancellation);

    private static Task<IReadOnlyList<AlertDelivery>> DeliveriesAsync(TestWorld world) => world.Get<AlertStore>().DeliveriesAsync(null, 100, TestWorld.Cancellation);

    private static async Task EndAsync(TestWorld world, AttemptOutcome outcome, double? fid = null)
    {
        var assigned = await world.ClaimAsync();
        var journal = new Journal(world, assigned!.RunId, assigned.Attempt).Started();
        if (fid is { } value)
        {
            journal.Evaluation(1, value);
        }

        await journal.Add(new AttemptEnded { Outcome = outcome, Step = 1, Cause = outcome == AttemptOutcome.Failed ? "It broke." : null, Advice = outcome == AttemptOutcome.Failed ? "Mend it." : null }).ShipAsync();
    }
}
