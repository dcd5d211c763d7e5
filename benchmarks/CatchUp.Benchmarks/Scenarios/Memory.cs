namespace CatchUp.Benchmarks.Scenarios;

/// <summary>Resident memory in training: its peak against PyTorch's, and whether it grows.</summary>
internal sealed class Memory : Scenario
{
    private const int UpdatesPerRound = 20;

    /// <summary>What counts as grown: more than the pages that an allocator moves about.</summary>
    private const double Noise = 0.02;

    public override string Name => "memory";

    public override string Summary => "peak memory against PyTorch's, and growth over many updates";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        foreach (var (name, specification) in bench.Networks())
        {
            var run = bench.Write(specification);
            string[] work = ["--units", Text($"{UpdatesPerRound}")];
            using var ours = bench.Ours("training", run, work);
            using (var pytorch = bench.PyTorch("training", run, [.. work, .. Shape(ours), "--images", Text($"{ours.Facts.GetProperty("images").GetDouble()}")]))
            {
                ours.Make();
                pytorch.Make();
                yield return new Row(
                    Text($"peak memory, {name}, batch {specification.Training.BatchSize}"),
                    Text($"{ours.PeakMemory:0} MiB"),
                    Text($"PyTorch {pytorch.PeakMemory:0} MiB"),
                    Text($"{ours.PeakMemory / pytorch.PeakMemory:0.00} ×"),
                    "≤ 1.0 ×");
            }

            // The first tenth warms up: caches of the allocator and of compiled code fill.
            var rounds = Math.Max(2, bench.Options.Updates / UpdatesPerRound);
            var resident = Enumerable.Range(1, rounds).Select(_ =>
            {
                ours.Make();
                return ours.ResidentMemory;
            }).Skip(rounds / 10).ToList();
            var half = resident.Count / 2;
            var (before, after) = (Duel.Median(resident[..half]), Duel.Median(resident[half..]));
            yield return new Row(
                Text($"memory over {rounds * UpdatesPerRound} updates, {name}"),
                Text($"{after:0} MiB in the second half"),
                Text($"{before:0} MiB in the first half"),
                Text($"{(after - before) / before:+0.0%;-0.0%;0.0%}"),
                Text($"≤ {Noise:0%}"));
        }
    }
}
