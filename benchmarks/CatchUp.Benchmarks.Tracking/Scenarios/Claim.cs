using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Workers;
using CatchUp.Hosting.Bus;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Benchmarks.Tracking.Scenarios;

/// <summary>How long the queue takes to give a slot its run, with many asking and many waiting.</summary>
internal sealed class Claim : Scenario
{
    private const int Requesters = 50;
    private const int Queued = 10_000;
    private const int Sweeps = 20;

    /// <summary>Bursts before those that count: the first of a process compiles what the others run.</summary>
    private const int Untimed = 3;

    public override string Name => "claim";

    public override string Summary => "time of a claim with 50 requesters and 10,000 queued runs";

    public override async IAsyncEnumerable<Row> MeasureAsync(Options options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var kind in options.Databases)
        {
            var platform = await Platform.StartAsync(kind, BusTransport.InMemory, options, cancellation: cancellation);
            await using (platform)
            {
                await QueueAsync(platform, cancellation);
                var queue = platform.Get<RunQueue>();

                // Alone first; then workers whose runs end when they end; then as when a sweep arrives and every idle worker asks at once; and last as fast as answers come.
                var alone = new List<double>();
                for (var i = 0; i < options.Repeats; i++)
                {
                    alone.Add(await ClaimAsync(queue, cancellation));
                    await EndAsync(platform, cancellation);
                }

                yield return Line(kind, "one requester", alone);
                var busy = await Task.WhenAll(Enumerable.Range(0, Requesters).Select(worker => Task.Run(
                    async () =>
                    {
                        var (waited, random) = (new List<double>(), new Random(worker));
                        for (var i = 0; i < Math.Min(Rounds(options), 30); i++)
                        {
                            await Task.Delay(TimeSpan.FromSeconds(2 * random.NextDouble()), cancellation);
                            waited.Add(await ClaimAsync(queue, cancellation));
                            await EndAsync(platform, cancellation);
                        }

                        return waited;
                    },
                    cancellation)));
                yield return Line(kind, "50 requesters, each once a second at moments of its own", [.. busy.SelectMany(waited => waited)]);
                var (together, cost) = await BurstsAsync(platform, options, () => ClaimAsync(queue, cancellation), cancellation);
                yield return Line(kind, "50 requesters at the same moment", together, cost);
                var clock = Stopwatch.StartNew();
                var pressing = await Task.WhenAll(Enumerable.Range(0, Requesters).Select(_ => Task.Run(async () =>
                {
                    var waited = new List<double>();
                    for (var i = 0; i < Rounds(options); i++)
                    {
                        waited.Add(await ClaimAsync(queue, cancellation));
                    }

                    return waited;
                }, cancellation)));
                yield return Line(kind, "50 requesters without a pause", [.. pressing.SelectMany(waited => waited)], Text($"{Requesters * Rounds(options) / clock.Elapsed.TotalSeconds:N0} claims a second"), promised: false);
            }

            if (options.Buses.Contains(BusTransport.RabbitMq))
            {
                yield return await OverTheBrokerAsync(kind, options, cancellation);
            }
        }
    }

    /// <summary>The same as workers meet it: the question and its answer travel over the broker, and asking costs something too.</summary>
    private static async Task<Row> OverTheBrokerAsync(DatabaseKind kind, Options options, CancellationToken cancellation)
    {
        var platform = await Platform.StartAsync(kind, BusTransport.RabbitMq, options, cancellation: cancellation);
        await using (platform)
        {
            await QueueAsync(platform, cancellation);
            var (together, cost) = await BurstsAsync(
                platform, options,
                async () =>
                {
                    var clock = Stopwatch.StartNew();
                    var answer = await platform.Bus.AskAsync<RequestRun, RunAssigned, NothingToDo>(Request(), TimeSpan.FromSeconds(30), cancellation);
                    return answer.Is<RunAssigned>(out _) ? clock.Elapsed.TotalMilliseconds : throw new BenchmarkException("A claim got no run.");
                },
                cancellation);
            return Line(kind, "50 requesters at the same moment over RabbitMQ", together, $"{cost}, the requesters' included", promised: false);
        }
    }

    /// <summary>All ask at the same moment, again and again.</summary>
    /// <returns>How long each waited, and what it cost in words.</returns>
    private static async Task<(List<double> Waited, string Cost)> BurstsAsync(Platform platform, Options options, Func<Task<double>> claim, CancellationToken cancellation)
    {
        var (waited, answering, all) = (new List<double>(), 0.0, 0.0);
        for (var i = -Untimed; i < Rounds(options); i++)
        {
            if (i == 0)
            {
                (answering, all) = (0, 0);
                waited.Clear();
            }

            var before = platform.ProcessorSeconds();
            waited.AddRange(await Task.WhenAll(Enumerable.Range(0, Requesters).Select(_ => Task.Run(claim, cancellation))));
            answering += Sum(platform.ProcessorSeconds()) - Sum(before);

            // The news of it is read too before the next round.
            await Task.Delay(100, cancellation);
            all += Sum(platform.ProcessorSeconds()) - Sum(before);
            await EndAsync(platform, cancellation);
            await Task.Delay(20, cancellation);
        }

        return (waited, Text($"{1000 * answering / waited.Count:0.00} ms of processor time each until the last is answered, {1000 * all / waited.Count:0.00} ms with the news of it"));
    }

    private static double Sum((double Server, double Broker, double Database) seconds) => seconds.Server + seconds.Broker + seconds.Database;

    private static int Rounds(Options options) => Math.Clamp(options.Repeats / 4, 1, ((Queued - options.Repeats) / 3 / Requesters) - Untimed);

    /// <param name="kind">Of the database.</param>
    /// <param name="what">Names the row: a later measurement takes its place.</param>
    /// <param name="milliseconds">What each waited.</param>
    /// <param name="besides">More that was measured.</param>
    /// <param name="promised">Whether there is a time to keep.</param>
    private static Row Line(DatabaseKind kind, string what, IReadOnlyCollection<double> milliseconds, string? besides = null, bool promised = true) => new(
        $"claim, {Word(kind)}, {what}", Text($"p50 {Percentile(milliseconds, 0.5):0.0} ms") + (besides is null ? "" : $"; {besides}"), Text($"p99 {Percentile(milliseconds, 0.99):0.0} ms"),
        Text($"p95 {Percentile(milliseconds, 0.95):0.0} ms"), promised ? "p95 ≤ 10 ms" : "told, not promised");

    private static async Task<double> ClaimAsync(RunQueue queue, CancellationToken cancellation)
    {
        var request = Request();
        var clock = Stopwatch.StartNew();
        var claim = await queue.ClaimAsync(request, cancellation);
        return claim.Assigned is null ? throw new BenchmarkException($"A claim got no run: {claim.Reason}") : clock.Elapsed.TotalMilliseconds;
    }

    private static RequestRun Request() => new() { Worker = "benchmark", Incarnation = Guid.NewGuid(), Slot = 0, RequestId = Guid.NewGuid(), Capabilities = new WorkerCapabilities { Datasets = ["synthetic"] } };

    /// <summary>What was given ends, so that no more runs than requesters are ever under way. Not timed.</summary>
    private static Task<int> EndAsync(Platform platform, CancellationToken cancellation) => platform.Database.WriteAsync(
        async context =>
        {
            await Sql.ExecuteAsync(context, "UPDATE attempts SET live = FALSE WHERE live", cancellation);
            return await Sql.ExecuteAsync(context, "UPDATE runs SET state = 'Completed' WHERE state = 'Running'", cancellation);
        },
        cancellation);

    private static async Task QueueAsync(Platform platform, CancellationToken cancellation)
    {
        var now = DateTimeOffset.UtcNow.UtcTicks;
        var specification = JsonSerializer.Serialize(new RunSpecification { Data = new DataSpecification { Dataset = "synthetic" } }, ContractJson.Options);
        for (var index = 0; index < Sweeps; index++)
        {
            var context = await platform.ContextAsync(cancellation);
            await using (context)
            {
                var sweep = new SweepEntity { RequestId = Guid.NewGuid(), Name = "claim", Project = "benchmark", Document = "name: claim", Trials = Queued / Sweeps, Replicates = 1, CreatedAt = now };
                context.Sweeps.Add(sweep);
                await context.SaveChangesAsync(cancellation);
                context.Runs.AddRange(Enumerable.Range(0, Queued / Sweeps).Select(trial => new RunEntity
                {
                    SweepId = sweep.Id, Trial = trial, Name = "claim", Project = "benchmark", Specification = specification, Steps = 1000, Dataset = "synthetic", State = RunState.Queued, CreatedAt = now, UpdatedAt = now,
                    Configuration = Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes((1000 * index) + trial))),
                }));
                await context.SaveChangesAsync(cancellation);
            }
        }
    }
}
