using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using CatchUp.Journeys.Tests.Platform;

namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>The team set-up as real processes on loopback: PostgreSQL, RabbitMQ, the server, two workers.</summary>
internal sealed class TeamPlatform : IAsyncDisposable
{
    private const int Iterations = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TeamParts _parts;
    private readonly PlatformProcess _server;
    private readonly List<WorkerProcess> _workers = [];
    private Dictionary<string, Results> _undisturbed = [];

    private TeamPlatform(TeamParts parts) => (_parts, _server) = (parts, parts.Server());

    /// <summary>Everything started, and a sweep run undisturbed to compare with.</summary>
    public static async Task<TeamPlatform> StartAsync(CancellationToken cancellation)
    {
        var platform = new TeamPlatform(await TeamParts.StartAsync(cancellation));
        await platform._server.StartAsync(cancellation);
        platform._server.Api.UseToken(await platform._parts.TokenAsync("chaos", cancellation));
        foreach (var name in (string[])["night-1", "night-2"])
        {
            platform._workers.Add(await platform._parts.WorkerAsync(platform._server, name, cancellation));
        }

        platform._undisturbed = await platform.ResultsAsync(await platform.SubmitAsync("undisturbed", cancellation), cancellation);
        return platform;
    }

    /// <summary>Runs the sweep once more with a disturbance, and tells what became of it.</summary>
    public async Task<Verdict> SufferAsync(Disturbance disturbance, CancellationToken cancellation)
    {
        var sweep = await SubmitAsync($"{disturbance} {disturbance.Moment}", cancellation);
        var runs = (await RunsAsync(sweep, cancellation)).Select(run => run["id"]!.GetValue<long>()).ToHashSet();
        var (worker, directory) = await WaitAsync(disturbance.Moment, runs, cancellation);
        var at = DateTimeOffset.UtcNow;
        foreach (var part in disturbance.Parts)
        {
            await HitAsync(part, disturbance, worker, directory);
        }

        await Task.Delay(disturbance.Down, cancellation);
        foreach (var part in disturbance.Parts.Order().Reverse())
        {
            await MendAsync(part, disturbance, worker, cancellation);
        }

        var results = await ResultsAsync(sweep, cancellation);
        var (detection, resumption) = await ReactionAsync(runs, at, cancellation);
        await AssertNothingIsLeftAsync(runs, cancellation);
        var (points, missing, different, attempts) = (0, 0, 0, 0);
        foreach (var (name, expected) in _undisturbed)
        {
            var actual = results[name];
            attempts += actual.Attempts;
            points += actual.Points.Count;
            missing += expected.Points.Keys.Except(actual.Points.Keys).Count();
            different += Different(expected.Points, actual.Points) + Different(expected.Evaluations, actual.Evaluations);
        }

        return new Verdict(disturbance, attempts, points, missing, different, detection, resumption);
    }

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    private static int Different(SortedDictionary<string, string> expected, SortedDictionary<string, string> actual) =>
        actual.Count(pair => !expected.TryGetValue(pair.Key, out var value) || value != pair.Value);

    private async Task<long> SubmitAsync(string name, CancellationToken cancellation) =>
        await _server.Api.SubmitAsync(TinySweep.TwoRuns(name, Iterations, checkpointEvery: 5).Replace("maxParallel: 1", "maxParallel: 2", StringComparison.Ordinal), cancellation);

    private async Task<IReadOnlyList<JsonNode>> RunsAsync(long sweep, CancellationToken cancellation) =>
        [.. (await _server.Api.RunsAsync(cancellation)).Where(run => run["sweepId"]!.GetValue<long>() == sweep)];

    private async Task<(WorkerProcess Worker, string Directory)> WaitAsync(Moment moment, HashSet<long> runs, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        while (true)
        {
            foreach (var worker in _workers)
            {
                if (AttemptWatch.Find(worker.Attempts, runs, moment, Iterations) is { } directory)
                {
                    return (worker, directory);
                }
            }

            await Task.Delay(moment == Moment.CheckpointWrite ? 0 : 5, patience.Token);
        }
    }

    private async Task HitAsync(Part part, Disturbance disturbance, WorkerProcess worker, string directory)
    {
        if (disturbance.Frozen)
        {
            worker.Signal("STOP");
            return;
        }

        switch (part)
        {
            case Part.Trainer:
                WorkerProcess.KillTrainer(directory);
                break;
            case Part.Worker:
                await worker.KillAsync();
                break;
            case Part.Server:
                await _server.KillAsync();
                break;
            case Part.Broker:
                await _parts.Broker.KillAsync();
                break;
            default:
                await _parts.Database.KillAsync();
                break;
        }
    }

    private async Task MendAsync(Part part, Disturbance disturbance, WorkerProcess worker, CancellationToken cancellation)
    {
        if (disturbance.Frozen)
        {
            worker.Signal("CONT");
            return;
        }

        switch (part)
        {
            case Part.Trainer:
                break; // its worker sees to that
            case Part.Worker:
                worker.Launch();
                break;
            case Part.Server:
                await _server.StartAsync(cancellation);
                break;
            case Part.Broker:
                await _parts.Broker.StartAsync(cancellation);
                break;
            default:
                await _parts.Database.StartAsync(cancellation);
                break;
        }
    }

    /// <summary>What the sweep's runs stored, by their names within it, once all are completed.</summary>
    private async Task<Dictionary<string, Results>> ResultsAsync(long sweep, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        IReadOnlyList<JsonNode> runs = [];
        try
        {
            while (runs.Count == 0 || runs.Any(run => run["state"]!.GetValue<string>() is "queued" or "running"))
            {
                await Task.Delay(250, patience.Token);
                runs = await TryRunsAsync(sweep, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Assert.Fail($"The sweep did not end within {Patience}: {string.Join(", ", runs.Select(run => $"{run["name"]} {run["state"]} step {run["step"]} attempt {run["attempt"]}"))}\n{_server.Output}\n{string.Join('\n', _workers.Select(worker => worker.Output))}");
        }

        var results = new Dictionary<string, Results>();
        foreach (var run in runs)
        {
            Assert.True(run["state"]!.GetValue<string>() == "completed", $"{run["name"]} is {run["state"]}: {run["cause"]}");
            Assert.Equal(Iterations, run["step"]!.GetValue<int>());
            var id = run["id"]!.GetValue<long>();
            var name = run["name"]!.GetValue<string>();
            results.Add(name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..], new Results(
                await _server.Api.PointsAsync(id, cancellation), await _server.Api.EvaluationsAsync(id, cancellation), run["attempt"]!.GetValue<int>()));
        }

        return results;
    }

    /// <summary>While the database or the broker is away, the server may answer that it cannot.</summary>
    private async Task<IReadOnlyList<JsonNode>> TryRunsAsync(long sweep, CancellationToken cancellation)
    {
        try
        {
            var (status, page) = await _server.Api.TryGetAsync($"/api/v1/runs?limit=1000&filter=sweep%3A{sweep.ToString(CultureInfo.InvariantCulture)}", cancellation);
            return status == HttpStatusCode.OK ? [.. page!["items"]!.AsArray().Select(item => item!)] : [];
        }
        catch (HttpRequestException)
        {
            return [];
        }
    }

    private async Task<(TimeSpan? Detection, TimeSpan? Resumption)> ReactionAsync(HashSet<long> runs, DateTimeOffset at, CancellationToken cancellation)
    {
        TimeSpan? detection = null, resumption = null;
        foreach (var run in runs)
        {
            var events = await _server.Api.GetAsync($"/api/v1/runs/{run.ToString(CultureInfo.InvariantCulture)}/events", cancellation);
            foreach (var change in events["items"]!.AsArray().Where(change => change!["at"]!.GetValue<DateTimeOffset>() > at))
            {
                var (from, to, since) = (change!["from"]?.GetValue<string>(), change["to"]!.GetValue<string>(), change["at"]!.GetValue<DateTimeOffset>() - at);
                if (from == "running" && to == "queued")
                {
                    detection = detection is null || since > detection ? since : detection;
                }

                if (from == "queued" && to == "running" && change["attempt"]!.GetValue<int>() > 1)
                {
                    resumption = resumption is null || since > resumption ? since : resumption;
                }
            }
        }

        return (detection, resumption);
    }

    /// <summary>No trainer works on after its run has ended, and no run directory waits for something.</summary>
    private async Task AssertNothingIsLeftAsync(HashSet<long> runs, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        List<string> left;
        while ((left = [.. _workers.SelectMany(worker => AttemptWatch.Directories(worker.Attempts, runs))]).Count > 0 && !patience.IsCancellationRequested)
        {
            await Task.Delay(250, CancellationToken.None);
        }

        Assert.Empty(left);
        Assert.DoesNotContain(_workers, worker => WorkerProcess.Trainers(worker.Attempts).Any());
    }

    private sealed record Results(SortedDictionary<string, string> Points, SortedDictionary<string, string> Evaluations, int Attempts);
}
