using CatchUp.Tests.Support;

namespace CatchUp.Dashboard.Tests.Workers;

/// <summary>The worker's own process over a real broker: it shares no folder with the server.</summary>
public sealed class RemoteWorkerTests : IDisposable
{
    private const int Limit = 240_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("catchup-remote-");
    private readonly int _port = FreePort.Next();
    private readonly string _trainer;

    public RemoteWorkerTests()
    {
        // A copy of its own: the file that holds a trainer lies beside it.
        _trainer = Path.Combine(_folder.FullName, "remote-trainer.sh");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Workers", "remote-trainer.sh"), _trainer);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact(Timeout = Limit)]
    public async Task A_worker_waits_for_broker_and_server_and_its_files_go_over_http()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var broker = RabbitMqServer.Prepare();

        // The token is made before the server's last stop: the worker is started while neither it nor the broker is there.
        await broker.StartAsync(cancellation);
        string token;
        long run;
        await using (var earlier = await BrokerServer.StartAsync(_folder.FullName, _port, broker))
        {
            token = (await earlier.PostAsync("workers/tokens", """{ "name": "lab-3" }"""))["token"]!.GetValue<string>();
            run = await earlier.SubmitAsync();
        }

        await broker.KillAsync();
        using var worker = Start(broker, token, "lab-3", ("CATCHUP_WORKER_LABELS", "big"));
        await UntilAsync(worker, () => Task.FromResult(worker.Output.Contains("Waiting for RabbitMQ", StringComparison.Ordinal)));
        await broker.StartAsync(cancellation);
        await using var server = await BrokerServer.StartAsync(_folder.FullName, _port, broker);

        await UntilAsync(worker, async () => await server.StateAsync(run) == "completed");

        // Every file that is still wanted has arrived, and nothing unfinished is left.
        await UntilAsync(worker, async () => (await server.GetAsync($"runs/{run}/checkpoints"))["items"]!.AsArray().All(checkpoint => checkpoint!["url"] is not null));
        Assert.NotEmpty((await server.GetAsync($"runs/{run}/checkpoints"))["items"]!.AsArray());
        var sample = (await server.GetAsync($"runs/{run}/samples"))["items"]![0]!;
        using var picture = await server.Client.GetAsync(new Uri($"/api/v1/runs/{run}/samples/{sample["id"]}.png", UriKind.Relative), cancellation);
        Assert.StartsWith("a picture of ", await picture.Content.ReadAsStringAsync(cancellation), StringComparison.Ordinal);
        await UntilAsync(worker, () => Task.FromResult(!Directory.EnumerateDirectories(Path.Combine(Home("lab-3"), "attempts")).Any()));
        Assert.NotNull((await server.GetAsync("workers/tokens"))["items"]![0]!["lastUsedAt"]);

        var listed = (await server.WorkerAsync("lab-3"))!;
        Assert.Equal(("ready", "big"), (listed["state"]!.GetValue<string>(), listed["slots"]![0]!["capabilities"]!["labels"]![0]!.GetValue<string>()));
        Assert.Equal((await server.GetAsync("workers/tokens"))["items"]![0]!["fingerprint"]!.GetValue<string>(), listed["tokenFingerprint"]!.GetValue<string>());

        worker.Terminate();
        var (status, output) = await worker.EndAsync();
        Assert.True(status == 0, output);
    }

    [Fact(Timeout = Limit)]
    public async Task A_run_that_a_drained_worker_gives_back_goes_on_at_another_which_ends_when_it_is_removed()
    {
        await using var broker = await RabbitMqServer.StartNewAsync(TestContext.Current.CancellationToken);
        await using var server = await BrokerServer.StartAsync(_folder.FullName, _port, broker);
        var token = (await server.PostAsync("workers/tokens", """{ "name": "both" }"""))["token"]!.GetValue<string>();
        var hold = Path.Combine(_folder.FullName, "hold");
        await File.WriteAllTextAsync(hold, "", TestContext.Current.CancellationToken);
        var run = await server.SubmitAsync();

        using var first = Start(broker, token, "first");
        await UntilAsync(first, async () => (await server.GetAsync($"runs/{run}"))["step"]!.GetValue<int>() == 5);
        await server.PostAsync($"workers/{(await server.WorkerAsync("first"))!["incarnation"]}/drain?giveBack=true");
        await UntilAsync(first, async () => await server.StateAsync(run) == "queued");
        Assert.Equal("draining", (await server.WorkerAsync("first"))!["state"]!.GetValue<string>());

        File.Delete(hold);
        using var second = Start(broker, token, "second");
        await UntilAsync(second, async () => await server.StateAsync(run) == "completed");
        var details = await server.GetAsync($"runs/{run}");
        Assert.Equal(2, details["attempts"]!.AsArray().Count);
        Assert.Equal((5, "second"), (details["attempts"]![1]!["fromStep"]!.GetValue<int>(), details["attempts"]![1]!["worker"]!.GetValue<string>()));

        // The checkpoint came over HTTP into the second worker's own folder.
        Assert.StartsWith(Home("second"), details["environment"]!["resumed"]!.GetValue<string>(), StringComparison.Ordinal);

        await server.PostAsync($"workers/{(await server.WorkerAsync("second"))!["incarnation"]}/remove");
        var (status, output) = await second.EndAsync();
        Assert.Equal(3, status);
        Assert.Contains("This worker was removed. Its token is revoked.", output, StringComparison.Ordinal);

        // Started again with the token that was revoked, it is told so at once.
        using var again = Start(broker, token, "second");
        (status, output) = await again.EndAsync();
        Assert.Equal(3, status);
        Assert.Contains("The server refuses CATCHUP_WORKER_TOKEN: ", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Limit)]
    public async Task A_worker_that_is_told_too_little_lists_all_of_it_and_ends()
    {
        using var worker = WorkerProcess.Start();

        var (status, output) = await worker.EndAsync();

        Assert.Equal(1, status);
        Assert.All(["CATCHUP_SERVER", "CATCHUP_BROKER", "RABBITMQ_PASSWORD", "CATCHUP_WORKER_TOKEN", "CATCHUP_TRAINER"], name => Assert.Contains($"  {name} ", output, StringComparison.Ordinal));
    }

    private WorkerProcess Start(RabbitMqServer broker, string token, string name, params IReadOnlyList<(string Name, string Value)> more) => WorkerProcess.Start([
        ("CATCHUP_SERVER", $"http://127.0.0.1:{_port}"), ("CATCHUP_BROKER", broker.Address.ToString()), ("CATCHUP_BROKER_USER", broker.User), ("RABBITMQ_PASSWORD", broker.Password), ("CATCHUP_WORKER_TOKEN", token),
        ("CATCHUP_WORKER_NAME", name), ("CATCHUP_HOME", Home(name)), ("CATCHUP_TRAINER", _trainer), ("CATCHUP_EXTRACTORS", Path.Combine(AppContext.BaseDirectory, "Startup", "extractors")), .. more]);

    private string Home(string worker) => Path.Combine(_folder.FullName, "home-" + worker);

    private static async Task UntilAsync(WorkerProcess worker, Func<Task<bool>> condition)
    {
        try
        {
            while (!await condition())
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(worker.Output);
            throw;
        }
    }
}
