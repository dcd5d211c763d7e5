using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using CatchUp.Contracts.Artifacts;
using CatchUp.Journeys.Tests.Platform;
using CatchUp.Tests.Support;

namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>The team set-up as real processes on loopback: PostgreSQL, RabbitMQ, the server, two workers.</summary>
internal sealed class TeamPlatform : IAsyncDisposable
{
    private const int Iterations = 120;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TeamParts _parts;
    private readonly TemporaryFolder _clocks = new();
    private readonly List<SmallDisk> _disks = [];
    private readonly List<WorkerProcess> _workers = [];
    private readonly FakeClock? _serverClock;
    private Dictionary<string, Results> _undisturbed = [];

    private TeamPlatform(TeamParts parts, FakeClock? databaseClock)
    {
        (_parts, Server, DatabaseClock) = (parts, parts.Server(), databaseClock);
        if (databaseClock is not null)
        {
            _serverClock = new FakeClock(Path.Combine(_clocks.Path, "server"));
            foreach (var (name, value) in _serverClock.Environment)
            {
                Server.Environment[name] = value;
            }
        }
    }

    public PlatformProcess Server { get; }

    public PostgreSqlProcess Database => _parts.Database;

    public RabbitMqServer Broker => _parts.Broker;

    public FakeClock ServerClock => _serverClock!;

    /// <summary>Null: the machine's.</summary>
    public FakeClock? DatabaseClock { get; }

    /// <summary>Everything started, and a sweep run undisturbed to compare with.</summary>
    /// <param name="fakeClocks">Server, database and workers each read a clock of their own.</param>
    /// <param name="smallDisks">Each worker has a disk of its own with little room.</param>
    /// <param name="cancellation">The test's.</param>
    public static async Task<TeamPlatform> StartAsync(CancellationToken cancellation, bool fakeClocks = false, bool smallDisks = false)
    {
        FakeClock? databaseClock = null;
        var parts = await TeamParts.StartAsync(cancellation, database => databaseClock = fakeClocks ? ClockOf(database) : null);
        var platform = new TeamPlatform(parts, databaseClock);
        try
        {
            await platform.StartPartsAsync(fakeClocks, smallDisks, cancellation);
            platform._undisturbed = await platform.ResultsAsync(await platform.SubmitAsync("undisturbed", cancellation), cancellation);
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    private static FakeClock ClockOf(PostgreSqlProcess database)
    {
        FakeClock.AssertAvailable();
        var clock = FakeClock.In(database.Folder);
        foreach (var (name, value) in clock.Environment)
        {
            database.Environment[name] = value;
        }

        return clock;
    }

    /// <summary>Runs the sweep once more with a disturbance, and tells what became of it.</summary>
    public async Task<Verdict> SufferAsync(Disturbance disturbance, CancellationToken cancellation)
    {
        var (sweep, runs, victim) = await VictimAsync(disturbance, cancellation);
        var at = DateTimeOffset.UtcNow;
        await disturbance.StrikeAsync(this, victim, cancellation);
        await Task.Delay(disturbance.Down, cancellation);
        await disturbance.MendAsync(this, victim, cancellation);
        if (disturbance.PlatformIsAway)
        {
            at = DateTimeOffset.UtcNow;
        }

        Dictionary<string, Results> results;
        try
        {
            results = await ResultsAsync(sweep, cancellation);
        }
        catch (ChaosException problem)
        {
            return new Verdict(disturbance, 0, 0, 0, 0, null, null, problem.Message);
        }
        finally
        {
            await disturbance.EndAsync();
        }

        var (detection, resumption, zombie) = await ReactionAsync(runs, at, cancellation);
        var (points, missing, different, attempts) = (0, 0, 0, 0);
        foreach (var (name, expected) in _undisturbed)
        {
            var actual = results[name];
            attempts += actual.Attempts;
            points += actual.Points.Count;
            missing += expected.Points.Keys.Except(actual.Points.Keys).Count() + expected.Evaluations.Keys.Except(actual.Evaluations.Keys).Count();
            different += Different(expected.Points, actual.Points) + Different(expected.Evaluations, actual.Evaluations);
        }

        return new Verdict(disturbance, attempts, points, missing, different, detection, resumption, zombie);
    }

    public async ValueTask DisposeAsync()
    {
        await _parts.DisposeAsync();
        _disks.ForEach(disk => disk.Dispose());
        _clocks.Dispose();
    }

    private static int Different(SortedDictionary<string, string> expected, SortedDictionary<string, string> actual) =>
        actual.Count(pair => !expected.TryGetValue(pair.Key, out var value) || value != pair.Value);

    private async Task StartPartsAsync(bool fakeClocks, bool smallDisks, CancellationToken cancellation)
    {
        await Server.StartAsync(cancellation);
        Server.Api.UseToken(await _parts.TokenAsync("chaos", cancellation));
        foreach (var name in (string[])["night-1", "night-2"])
        {
            if (smallDisks)
            {
                _disks.Add(new SmallDisk(DiskReserve.Bytes + (32 << 20)));
            }

            var clock = fakeClocks ? new FakeClock(Path.Combine(_clocks.Path, name)) : null;
            _workers.Add(await _parts.WorkerAsync(Server, name, cancellation, smallDisks ? _disks[^1].Path : null, clock));
        }
    }

    private async Task<long> SubmitAsync(string name, CancellationToken cancellation) =>
        await Server.Api.SubmitAsync(TinySweep.TwoRuns(name, Iterations, checkpointEvery: 5).Replace("maxParallel: 1", "maxParallel: 2", StringComparison.Ordinal), cancellation);

    /// <summary>A new sweep, one of whose attempts has come to the disturbance's moment. A moment that is over before anybody could look is waited for in another sweep.</summary>
    private async Task<(long Sweep, HashSet<long> Runs, Victim Victim)> VictimAsync(Disturbance disturbance, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var sweep = await SubmitAsync($"{disturbance} {disturbance.Moment}", cancellation);
            var runs = (await RunsAsync(sweep, cancellation)).Select(run => run["id"]!.GetValue<long>()).ToHashSet();
            var watch = new AttemptWatch(_workers, runs, disturbance.Moment, Iterations);
            var end = EndAsync(sweep, cancellation);
            while (!end.IsCompleted)
            {
                if (watch.Find() is { } victim)
                {
                    return (sweep, runs, victim);
                }

                // A checkpoint is written within milliseconds.
                await Task.Delay(disturbance.Moment == Moment.CheckpointWrite && watch.SeesTrainers ? 0 : 5, cancellation);
            }

            await end;
        }

        throw new ChaosException($"No attempt of five sweeps was seen at the moment {disturbance.Moment}.");
    }

    private async Task<IReadOnlyList<JsonNode>> RunsAsync(long sweep, CancellationToken cancellation) =>
        [.. (await Server.Api.GetAsync(RunsOf(sweep), cancellation))["items"]!.AsArray().Select(item => item!)];

    private static string RunsOf(long sweep) => $"/api/v1/runs?limit=1000&filter=sweep%3A{sweep.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The sweep's runs once all have ended.</summary>
    private async Task<IReadOnlyList<JsonNode>> EndAsync(long sweep, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        IReadOnlyList<JsonNode> runs = [];
        try
        {
            while (runs.Count == 0 || runs.Any(run => run["state"]!.GetValue<string>() is "queued" or "running"))
            {
                await Task.Delay(250, patience.Token);
                runs = await TryRunsAsync(sweep, patience.Token) ?? runs;
            }

            return runs;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ChaosException($"The sweep did not end within {Patience}: {string.Join(", ", runs.Select(run => $"{run["name"]} {run["state"]} step {run["step"]} attempt {run["attempt"]}"))}\n{Server.Output}\n{string.Join('\n', _workers.Select(worker => worker.Output))}");
        }
    }

    /// <summary>What the sweep's runs stored, by their names within it, once all are completed and nobody holds anything of theirs any more.</summary>
    private async Task<Dictionary<string, Results>> ResultsAsync(long sweep, CancellationToken cancellation)
    {
        var runs = await EndAsync(sweep, cancellation);
        await AssertNothingIsLeftAsync([.. runs.Select(run => run["id"]!.GetValue<long>())], cancellation);
        var results = new Dictionary<string, Results>();
        foreach (var run in runs)
        {
            if (run["state"]!.GetValue<string>() != "completed" || run["step"]!.GetValue<int>() != Iterations)
            {
                throw new ChaosException($"{run["name"]} is {run["state"]} at step {run["step"]}: {run["cause"]}");
            }

            var id = run["id"]!.GetValue<long>();
            var name = run["name"]!.GetValue<string>();
            results.Add(name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..], new Results(
                await Server.Api.PointsAsync(id, cancellation), await Server.Api.EvaluationsAsync(id, cancellation), run["attempt"]!.GetValue<int>()));
        }

        return results;
    }

    /// <summary>Null while the database or the broker is away: the server may answer that it cannot.</summary>
    private async Task<IReadOnlyList<JsonNode>?> TryRunsAsync(long sweep, CancellationToken cancellation)
    {
        try
        {
            var (status, page) = await Server.Api.TryGetAsync(RunsOf(sweep), cancellation);
            return status == HttpStatusCode.OK ? [.. page!["items"]!.AsArray().Select(item => item!)] : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>How long it took until an attempt was lost and until the next one began, at most; and what an attempt did after the next one had begun.</summary>
    private async Task<(TimeSpan? Detection, TimeSpan? Resumption, string? Zombie)> ReactionAsync(HashSet<long> runs, DateTimeOffset at, CancellationToken cancellation)
    {
        TimeSpan? detection = null, resumption = null;
        string? zombie = null;
        foreach (var run in runs)
        {
            var events = await Server.Api.GetAsync($"/api/v1/runs/{run.ToString(CultureInfo.InvariantCulture)}/events", cancellation);
            var newest = 0;
            foreach (var change in events["items"]!.AsArray().OrderBy(change => change!["id"]!.GetValue<long>()))
            {
                var (from, to, since) = (change!["from"]?.GetValue<string>(), change["to"]?.GetValue<string>(), change["at"]!.GetValue<DateTimeOffset>() - at);
                if (change["attempt"]?.GetValue<int>() is { } attempt)
                {
                    zombie ??= attempt < newest ? $"Attempt {attempt} of run {run} was heard after attempt {newest}: {change}" : null;
                    newest = Math.Max(newest, attempt);
                }

                if (since > TimeSpan.Zero && (from, to) == ("running", "queued"))
                {
                    detection = detection is null || since > detection ? since : detection;
                }

                if (since > TimeSpan.Zero && (from, to) == ("queued", "running") && newest > 1)
                {
                    resumption = resumption is null || since > resumption ? since : resumption;
                }
            }
        }

        return (detection, resumption, zombie);
    }

    /// <summary>No trainer works on after its run has ended, and no run directory waits for something.</summary>
    private async Task AssertNothingIsLeftAsync(HashSet<long> runs, CancellationToken cancellation)
    {
        for (var wait = 0; wait < 240; wait++)
        {
            if (!_workers.Any(worker => AttemptWatch.Directories(worker.Attempts, runs).Any() || WorkerProcess.Trainers(worker.Attempts).Any()))
            {
                return;
            }

            await Task.Delay(250, cancellation);
        }

        throw new ChaosException($"Left a minute after the end: {string.Join(", ", _workers.SelectMany(worker => AttemptWatch.Directories(worker.Attempts, runs)))}\n{string.Join('\n', _workers.Select(worker => worker.Output))}");
    }

    private sealed record Results(SortedDictionary<string, string> Points, SortedDictionary<string, string> Evaluations, int Attempts);
}
