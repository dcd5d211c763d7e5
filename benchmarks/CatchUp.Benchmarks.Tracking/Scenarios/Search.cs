using System.Diagnostics;
using CatchUp.Contracts.Sweeps;
using CatchUp.Hosting.Bus;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Launching;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Searches;
using CatchUp.Tracking.Sweeps;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Benchmarks.Tracking.Scenarios;

/// <summary>A searching sweep of <c>--trials</c> trials: its plan while someone types, its next trial as it grows, and what its page reads.</summary>
internal sealed class Search : Scenario
{
    private const string Suggestion = "p95 ≤ 50 ms", Told = "told, not promised";

    private static readonly string[] Methods = ["grid", "random", "sobol", "tpe"];

    public override string Name => "search";

    public override string Summary => "plan, next trial, memory and page of a searching sweep of --trials trials";

    public override async IAsyncEnumerable<Row> MeasureAsync(Options options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var kind in options.Databases)
        {
            // The looks that are timed are the only ones.
            var platform = await Platform.StartAsync(kind, BusTransport.InMemory, options, searches: false, cancellation: cancellation);
            await using (platform)
            {
                foreach (var method in Methods)
                {
                    yield return await PlanAsync(platform, kind, method, options, cancellation);
                }

                if (kind == options.Databases[0])
                {
                    yield return Expansion(options);
                }

                var sweeps = new Dictionary<string, long>();
                foreach (var method in Methods)
                {
                    var (accepted, refused) = await platform.Get<SweepIntake>().SubmitAsync(new SubmitSweep { RequestId = Guid.NewGuid(), Document = Document(method, options.Trials) }, cancellation);
                    sweeps[method] = accepted?.SweepId ?? throw new BenchmarkException(refused!.Problems[0].Message);
                }

                var (grown, seconds) = (0, 0d);
                foreach (var results in Sizes(options.Trials))
                {
                    foreach (var (method, sweep) in sweeps)
                    {
                        seconds += await TimeAsync(() => SearchFill.FillAsync(platform.Database, sweep, results, cancellation)) / 1000;
                        grown += results;
                        var looks = new List<double>();
                        await platform.Get<SearchCoordinator>().AdvanceAsync(sweep, cancellation);
                        for (var repeat = 0; repeat < Math.Min(options.Repeats, options.Trials / 20); repeat++)
                        {
                            await SearchFill.FinishOneAsync(platform.Database, sweep, cancellation);
                            looks.Add(await TimeAsync(() => platform.Get<SearchCoordinator>().AdvanceAsync(sweep, cancellation)));
                        }

                        yield return Line(Text($"next trial after {results:N0} results, {method}, {Word(kind)}"), looks, Suggestion);
                    }

                    await Console.Error.WriteLineAsync(Text($"four sweeps at {results:N0} results after {seconds:0} s of filling"));
                }

                // None is let go before all are measured, so that no measurement counts what another one leaves.
                var readers = new List<SearchCoordinator>();
                foreach (var (method, sweep) in sweeps)
                {
                    yield return await MemoryAsync(platform, readers, kind, method, sweep, cancellation);
                }

                GC.KeepAlive(readers);

                await foreach (var row in PageAsync(platform, kind, sweeps["tpe"], options, cancellation))
                {
                    yield return row;
                }
            }
        }
    }

    public static string Document(string method, int trials)
    {
        // The grid's space has at least as many configurations as there are trials, and nothing in it is a plain list.
        var side = Side(trials);
        var grid = Text($$"""
              optimizer.beta1: { uniform: [0.5, {{0.5 + ((side - 1) * 0.01):0.00}}], step: 0.01 }
              optimizer.warmupSteps: { integer: [1, {{side}}], step: 1 }
              network.dropout: { uniform: [0, {{(side - 1) * 0.02:0.00}}], step: 0.02 }
              ema.decay: { uniform: [0.8, {{0.8 + ((side - 1) * 0.01):0.00}}], step: 0.01 }
              objective.waveletWeight: { uniform: [0, {{(side - 1) * 0.1:0.0}}], step: 0.1 }
            """);
        const string Wide = """
              optimizer.learningRate: { logUniform: [1e-5, 1e-1] }
              optimizer.beta1: { uniform: [0.5, 0.95] }
              optimizer.warmupSteps: { integer: [0, 1000] }
              objective.kind: [rectified-flow, catch-up]
              objective.order: { choice: [rk12, rk23, rk34], when: { objective.kind: catch-up } }
              objective.catchUpShare: { uniform: [0.25, 1], step: 0.25, when: { objective.kind: catch-up } }
              ema.decay: { uniform: [0.9, 0.9999] }
              ema.warmup: [true, false]
              network.dropout: { uniform: [0, 0.3], step: 0.05 }
              training.batchSize: { integer: [8, 64], step: 8 }
            constraints:
              - training.batchSize * optimizer.learningRate <= 4
            """;
        return Text($$"""
            # Made by CatchUp.Benchmarks.Tracking search; no training behind it.
            name: synthetic {{method}}
            project: {{BulkFill.Project}}
            base: { preset: fashion-tiny, data: { dataset: synthetic } }
            space:
            {{(method == "grid" ? grid : Wide)}}
            search: { method: {{method}}{{(method == "grid" ? "" : Text($", trials: {trials}"))}} }
            objective: { metric: fid, solver: euler, nfe: 4, goal: minimize }
            evaluation: { every: 100, solvers: [euler], nfe: [4], samples: 500 }
            """);
    }

    /// <summary>Lists alone: a plain grid, whose runs are all there from the beginning.</summary>
    private static string Plain(int trials)
    {
        var side = Side(trials);
        string Values(double first, double step) => string.Join(", ", Enumerable.Range(0, side).Select(index => Text($"{first + (index * step):0.###}")));
        return Text($$"""
            # Made by CatchUp.Benchmarks.Tracking search; no training behind it.
            name: synthetic plain grid
            project: {{BulkFill.Project}}
            base: { preset: fashion-tiny, data: { dataset: synthetic } }
            space:
              optimizer.beta1: [{{Values(0.5, 0.01)}}]
              optimizer.warmupSteps: [{{Values(1, 1)}}]
              network.dropout: [{{Values(0, 0.02)}}]
              ema.decay: [{{Values(0.8, 0.01)}}]
              objective.waveletWeight: [{{Values(0, 0.1)}}]
            """);
    }

    /// <summary>Values of each of five parameters.</summary>
    private static int Side(int trials) => Enumerable.Range(2, 100).First(side => Math.Pow(side, 5) >= trials);

    private static int[] Sizes(int trials) => [.. new[] { trials / 100, trials / 10, 99 * trials / 100 }.Where(size => size > 0)];

    /// <summary>What the launch page asks at each pause of whoever types.</summary>
    private static async Task<Row> PlanAsync(Platform platform, DatabaseKind kind, string method, Options options, CancellationToken cancellation)
    {
        var (document, planner, outlooks) = (Document(method, options.Trials), platform.Get<SweepPlanner>(), platform.Get<SweepOutlooks>());
        var times = new List<double>();
        for (var repeat = 0; repeat < options.Repeats + 5; repeat++)
        {
            times.Add(await TimeAsync(async () =>
            {
                if (planner.Plan(document).Problems is [var problem, ..])
                {
                    throw new BenchmarkException(problem.Message);
                }

                await outlooks.LookAsync(document, null, cancellation);
            }));
        }

        // The first few compile.
        return Line(Text($"plan and outlook of {options.Trials:N0} trials, {method}, {Word(kind)}"), times[5..], Suggestion);
    }

    /// <summary>Every run of a plain grid, with its whole specification.</summary>
    private static Row Expansion(Options options)
    {
        var (document, planner) = (Plain(options.Trials), new SweepPlanner());
        var clock = Stopwatch.StartNew();
        var first = planner.Expand(document).First();
        var begun = clock.Elapsed.TotalMilliseconds;
        clock.Restart();
        var runs = planner.Expand(document).Count();
        var all = clock.Elapsed.TotalMilliseconds;
        return new Row(Text($"expansion of a plain grid of {runs:N0} runs, one at a time"), Text($"first run after {begun:0.0} ms"), Text($"all after {all / 1000:0.0} s"), Text($"{1000 * all / runs:0} µs a run"), Told);
    }

    private static async Task<Row> MemoryAsync(Platform platform, List<SearchCoordinator> readers, DatabaseKind kind, string method, long sweep, CancellationToken cancellation)
    {
        var (coordinator, trials, entries) = (ActivatorUtilities.CreateInstance<SearchCoordinator>(platform.Get<IServiceProvider>()), 0, 0L);
        readers.Add(coordinator);
        var before = Megabytes();
        var seconds = await TimeAsync(() => coordinator.ReadAsync(sweep, (_, _, ledger) => (trials = ledger.History.Trials.Count, entries = ledger.Length), cancellation)) / 1000;
        var megabytes = Megabytes() - before;
        return new Row(Text($"ledger of {trials:N0} trials ({entries:N0} entries), {method}, {Word(kind)}"), Text($"{megabytes:0} MiB"), Text($"{megabytes * 1048576 / trials:0} bytes a trial"), Text($"read again after a restart in {seconds:0.0} s"), Told);
    }

    /// <summary>What the sweep's page reads, each by itself.</summary>
    private static async IAsyncEnumerable<Row> PageAsync(Platform platform, DatabaseKind kind, long sweep, Options options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var runs = platform.Get<RunStore>();
        (string What, Func<Task> Read)[] reads =
        [
            ("summary of the sweep", () => platform.Get<SweepStore>().FindAsync(sweep, cancellation)),
            ("report of the search", () => platform.Get<SearchStore>().FindAsync(sweep, cancellation)),
            ("last 100 trials with their reasons", () => platform.Get<SearchStore>().TrialsAsync(sweep, (99 * options.Trials / 100) - 100, 100, cancellation)),
            ("50 best runs", () => runs.ListAsync(new RunQuery { SweepId = sweep, Sort = RunTerm.Named("best"), Descending = false, Limit = 50 }, cancellation)),
            ("newest 100 runs", () => runs.ListAsync(new RunQuery { SweepId = sweep, Limit = 100 }, cancellation)),
            ("predicted finish", () => platform.Get<QueueForecasts>().SweepAsync(sweep, cancellation)),
        ];
        foreach (var (what, read) in reads)
        {
            await read();
            var times = new List<double>();
            for (var repeat = 0; repeat < Math.Min(options.Repeats, 50); repeat++)
            {
                times.Add(await TimeAsync(read));
            }

            yield return Line(Text($"page of {options.Trials:N0} trials: {what}, {Word(kind)}"), times, Told);
        }
    }

    /// <summary>Of the managed heap that are in use.</summary>
    private static double Megabytes()
    {
        for (var pass = 0; pass < 2; pass++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: false) / 1048576.0;
    }

    private static Row Line(string what, IReadOnlyCollection<double> milliseconds, string wanted) => new(
        what, Text($"p50 {Percentile(milliseconds, 0.5):0.0} ms"), Text($"p99 {Percentile(milliseconds, 0.99):0.0} ms"), Text($"p95 {Percentile(milliseconds, 0.95):0.0} ms"), wanted);

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return clock.Elapsed.TotalMilliseconds;
    }
}
