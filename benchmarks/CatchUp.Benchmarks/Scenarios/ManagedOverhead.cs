using Microsoft.Diagnostics.Tracing;

namespace CatchUp.Benchmarks.Scenarios;

/// <summary>
/// The part of an update that the training thread spends in managed code, by the runtime's own sampling profiler: every few
/// milliseconds it stops the threads and notes whether each was running managed code or had left it for native code. Only samples
/// inside rounds count.
/// </summary>
internal sealed class ManagedOverhead : Scenario
{
    private const string Profiler = "Microsoft-DotNETCore-SampleProfiler";
    private const uint ManagedCode = 2;
    private const string Updates = "10";

    public override string Name => "managed-overhead";

    public override string Summary => "the part of an update spent in managed code";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        foreach (var (name, specification) in bench.Networks())
        {
            var trace = bench.NewPath(".nettrace");
            var profiler = new Dictionary<string, string>
            {
                ["DOTNET_EnableEventPipe"] = "1",
                ["DOTNET_EventPipeOutputPath"] = trace,
                ["DOTNET_EventPipeConfig"] = $"{Profiler}:0:5",
                ["DOTNET_EventPipeRundown"] = "0",
            };
            using var ours = bench.Ours("training", bench.Write(specification), ["--units", Updates], profiler);
            for (var warmUp = 0; warmUp < 3; warmUp++)
            {
                ours.Make();
            }

            var rounds = Enumerable.Range(0, bench.Options.Rounds).Select(_ => ours.Make()).ToList();
            ours.End();
            var (managed, all) = Count(trace, rounds);
            yield return new Row(
                Text($"managed code in an update, {name}, batch {specification.Training.BatchSize}"),
                Text($"{managed} samples of {all}"),
                Text($"updates of {Milliseconds(Duel.Median(rounds.Select(round => round.SecondsPerUnit)))} under the profiler"),
                Text($"{(double)managed / all:0.0%}"),
                "< 3%");
        }
    }

    /// <summary>Samples of the busiest thread, which trains.</summary>
    private static (int Managed, int All) Count(string trace, List<Round> rounds)
    {
        var threads = new Dictionary<int, (int Managed, int All)>();
        using var source = new EventPipeEventSource(trace);
        source.Dynamic.All += sample =>
        {
            var at = new DateTimeOffset(sample.TimeStamp);
            if (sample.ProviderName != Profiler || !rounds.Any(round => at >= round.Started && at <= round.Started + round.Length))
            {
                return;
            }

            var (managed, all) = threads.GetValueOrDefault(sample.ThreadID);
            threads[sample.ThreadID] = (managed + (BitConverter.ToUInt32(sample.EventData()) == ManagedCode ? 1 : 0), all + 1);
        };
        source.Process();
        return threads.Count > 0 ? threads.Values.MaxBy(thread => thread.All) : throw new BenchmarkException("The profiler left no samples.");
    }
}
