using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using CatchUp.Journeys.Tests.Chaos;
using CatchUp.Journeys.Tests.Platform;

namespace CatchUp.Journeys.Tests;

/// <summary>Commands to runs that run on other machines: real PostgreSQL, real RabbitMQ, a server and two workers that are processes of their own.</summary>
public sealed class ControlJourneys(ITestOutputHelper output)
{
    private const int Iterations = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task A_run_that_is_cancelled_has_no_trainer_any_more_and_one_that_is_paused_goes_on_at_another_worker()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var team = await TeamParts.StartAsync(cancellation);
        var server = team.Server();
        await server.StartAsync(cancellation);
        var api = server.Api;
        api.UseToken(await team.TokenAsync("control", cancellation));
        await team.WorkerAsync(server, "first", cancellation);
        await team.WorkerAsync(server, "second", cancellation);

        // Cancelled: the trainer is gone soon after the command, without anything else being asked.
        var endless = await SubmitAsync(api, "endless", 50_000, cancellation);
        await WaitAsync(team, api, endless, run => Step(run) >= 20, cancellation);
        var trainer = Assert.Single(Trainers(team.Workers, endless));
        var since = Stopwatch.StartNew();
        await CommandAsync(api, $"runs/{Text(endless)}/cancel", cancellation);
        while (Directory.Exists($"/proc/{Text(trainer)}"))
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(30), $"The trainer of a cancelled run goes on.\n{server.Output}");
            await Task.Delay(5, cancellation);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"From the cancel command to the trainer's end: {since.Elapsed.TotalSeconds:0.00} s."));
        await WaitAsync(team, api, endless, run => State(run) == "cancelled", cancellation);
        Assert.Empty(Trainers(team.Workers, endless));

        // Paused at one worker, which is drained then: the other goes on from the checkpoint, to the same bits.
        var undisturbed = await SubmitAsync(api, "undisturbed", Iterations, cancellation);
        await WaitAsync(team, api, undisturbed, run => State(run) == "completed", cancellation);
        var moved = await SubmitAsync(api, "moved", Iterations, cancellation);
        await WaitAsync(team, api, moved, run => Step(run) >= 20, cancellation);
        since.Restart();
        await CommandAsync(api, $"runs/{Text(moved)}/pause", cancellation);
        var paused = await WaitAsync(team, api, moved, run => State(run) == "paused", cancellation);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"From the pause command to paused at step {Step(paused)}: {since.Elapsed.TotalSeconds:0.00} s."));
        Assert.InRange(Step(paused), 20, Iterations - 1);
        var left = Worker(paused);
        await CommandAsync(api, $"workers/{await IncarnationAsync(api, left, cancellation)}/drain", cancellation);
        await CommandAsync(api, $"runs/{Text(moved)}/resume", cancellation);

        var ended = await WaitAsync(team, api, moved, run => State(run) is "completed" or "failed", cancellation);
        Assert.Equal("completed", State(ended));
        Assert.Equal(2, ended["attempts"]!.AsArray().Count);
        Assert.NotEqual(left, Worker(ended));
        Assert.Equal(Step(paused), ended["attempts"]![1]!["fromStep"]!.GetValue<int>());
        var expected = await api.PointsAsync(undisturbed, cancellation);
        Assert.True(expected.Count >= Iterations, $"{expected.Count} points are too few to compare with.");
        Assert.Equal(expected, await api.PointsAsync(moved, cancellation));
        Assert.Equal(await api.EvaluationsAsync(undisturbed, cancellation), await api.EvaluationsAsync(moved, cancellation));
    }

    [Fact]
    public async Task While_the_broker_is_away_trainers_work_on_and_what_was_asked_meanwhile_is_done_when_it_is_back()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var team = await TeamParts.StartAsync(cancellation);
        var server = team.Server();
        await server.StartAsync(cancellation);
        var api = server.Api;
        api.UseToken(await team.TokenAsync("outage", cancellation));
        await team.WorkerAsync(server, "first", cancellation);
        var endless = await SubmitAsync(api, "endless", 50_000, cancellation);
        await WaitAsync(team, api, endless, run => Step(run) >= 20, cancellation);
        await CommandAsync(api, $"workers/{await IncarnationAsync(api, "first", cancellation)}/drain", cancellation);
        var later = await SubmitAsync(api, "later", 20, cancellation);
        await CommandAsync(api, $"runs/{Text(later)}/pause", cancellation);
        await team.WorkerAsync(server, "second", cancellation);
        while ((await api.GetAsync("/api/v1/workers", cancellation))["items"]!.AsArray().Count < 2)
        {
            await Task.Delay(100, cancellation);
        }

        // Away for longer than a lease. Commands are taken all the same: the database has them.
        var journal = Path.Combine(AttemptWatch.Directories(team.Workers[0].Attempts, new HashSet<long> { endless }).Single(), "journal.ndjson");
        await team.Broker.KillAsync();
        var written = new FileInfo(journal).Length;
        await Task.Delay(TimeSpan.FromSeconds(25), cancellation);
        Assert.True(new FileInfo(journal).Length > written + 1000, "The trainer stood still while the broker was away.");
        Assert.Single(Trainers(team.Workers, endless));
        await CommandAsync(api, $"runs/{Text(later)}/resume", cancellation);
        await CommandAsync(api, $"runs/{Text(endless)}/cancel", cancellation);

        await team.Broker.StartAsync(cancellation);
        var since = Stopwatch.StartNew();
        var cancelled = await WaitAsync(team, api, endless, run => State(run) is not ("queued" or "running"), cancellation);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"From the broker's return to the cancelled run's end: {since.Elapsed.TotalSeconds:0.0} s."));
        var given = await WaitAsync(team, api, later, run => State(run) != "queued", cancellation);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"From the broker's return to the waiting run's start: {since.Elapsed.TotalSeconds:0.0} s at most."));

        Assert.Equal(("cancelled", 1), (State(cancelled), cancelled["attempts"]!.AsArray().Count));
        Assert.Equal("second", Worker(given));
        await WaitAsync(team, api, later, run => State(run) == "completed", cancellation);
    }

    /// <summary>Submits a sweep of one run and answers the run's id.</summary>
    private static async Task<long> SubmitAsync(PlatformApi api, string name, int iterations, CancellationToken cancellation)
    {
        var sweep = await api.SubmitAsync(TinySweep.OneRun(name, iterations), cancellation);
        return (await api.RunsAsync(cancellation)).Single(run => run["sweepId"]!.GetValue<long>() == sweep)["id"]!.GetValue<long>();
    }

    private static async Task<JsonNode> WaitAsync(TeamParts team, PlatformApi api, long run, Func<JsonNode, bool> has, CancellationToken cancellation)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            var now = await api.GetAsync($"/api/v1/runs/{Text(run)}", cancellation);
            if (has(now))
            {
                return now;
            }

            Assert.True(since.Elapsed < Patience, $"Run {run} did not get so far: {now}\n{string.Join('\n', team.Workers.Select(worker => worker.Output))}");
            await Task.Delay(50, cancellation);
        }
    }

    private static async Task CommandAsync(PlatformApi api, string address, CancellationToken cancellation)
    {
        var (status, body) = await api.PostAsync($"/api/v1/{address}", "", cancellation);
        Assert.True(status == HttpStatusCode.OK, $"{address}: {body}");
    }

    private static async Task<string> IncarnationAsync(PlatformApi api, string worker, CancellationToken cancellation) =>
        (await api.GetAsync("/api/v1/workers", cancellation))["items"]!.AsArray().Single(one => one!["name"]!.GetValue<string>() == worker)!["incarnation"]!.GetValue<string>();

    private static List<int> Trainers(IReadOnlyList<WorkerProcess> workers, long run) =>
    [
        .. workers.SelectMany(worker => AttemptWatch.Directories(worker.Attempts, new HashSet<long> { run })).SelectMany(WorkerProcess.Trainers).Select(trainer =>
        {
            using (trainer)
            {
                return trainer.Id;
            }
        }),
    ];

    private static string State(JsonNode run) => run["state"]!.GetValue<string>();

    private static int Step(JsonNode run) => run["step"]!.GetValue<int>();

    private static string Worker(JsonNode run) => run["attempts"]!.AsArray().Last()!["worker"]!.GetValue<string>();

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
