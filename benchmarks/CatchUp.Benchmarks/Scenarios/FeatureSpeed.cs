namespace CatchUp.Benchmarks.Scenarios;

/// <summary>Features a second through the tiny extractor.</summary>
internal sealed class FeatureSpeed : Scenario
{
    private const string Images = "2000";

    public override string Name => "extractor";

    public override string Summary => "features a second through the tiny extractor";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        var (_, specification) = bench.Networks().First();
        using var ours = bench.Ours("features", bench.Write(specification), ["--units", Images]);
        ours.Make();
        ours.Make();
        var rounds = Enumerable.Range(0, bench.Options.Rounds).Select(_ => 1 / ours.Make().SecondsPerUnit).ToList();
        yield return new Row(
            $"features of {specification.Evaluation.Extractor}",
            Text($"{Duel.Median(rounds):0} a second"),
            "no rival",
            Text($"{rounds.Min():0} to {rounds.Max():0}"),
            "≥ 10000 a second");
    }
}
