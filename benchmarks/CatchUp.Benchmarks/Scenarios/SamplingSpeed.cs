namespace CatchUp.Benchmarks.Scenarios;

/// <summary>Images a second by Euler's method at NFE 8 against PyTorch's.</summary>
internal sealed class SamplingSpeed : Scenario
{
    private const int Nfe = 8;
    private const int Images = 100;

    public override string Name => "sampling";

    public override string Summary => "images a second against PyTorch's";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        foreach (var (name, specification) in bench.Networks())
        {
            var run = bench.Write(specification);
            string[] work = ["--units", Text($"{Images}"), "--nfe", Text($"{Nfe}")];
            using var ours = bench.Ours("sampling", run, work);
            using var pytorch = bench.PyTorch("sampling", run, [.. work, .. Shape(ours)]);
            var duel = Duel.Fight(ours, pytorch, bench.Options.Rounds);
            yield return new Row(
                Text($"images, Euler NFE {Nfe}, {name}, batch {Images}"),
                Text($"{1 / duel.OurSeconds:0} a second"),
                Text($"PyTorch {1 / duel.TheirSeconds:0} a second"),
                Speed(duel),
                "≥ 1.0 ×");
        }
    }
}
