using CatchUp.Contracts.Specifications;

namespace CatchUp.Benchmarks.Scenarios;

/// <summary>The literal update, every pass of the formula made, against PyTorch's.</summary>
internal sealed class TrainingStep : Scenario
{
    private const string Updates = "5";

    public override string Name => "training-step";

    public override string Summary => "the literal update against PyTorch's";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        foreach (var (name, specification) in bench.Networks())
        {
            foreach (var order in Enum.GetValues<CatchUpOrder>())
            {
                var run = bench.Write(specification with { Objective = specification.Objective with { Order = order } });
                using var ours = bench.Ours("training", run, ["--units", Updates]);
                using var pytorch = bench.PyTorch("training", run, ["--units", Updates, .. Shape(ours), "--images", Text($"{ours.Facts.GetProperty("images").GetDouble()}")]);
                var duel = Duel.Fight(ours, pytorch, bench.Options.Rounds);
                yield return new Row(
                    Text($"{order} update, {name}, batch {specification.Training.BatchSize}"),
                    Milliseconds(duel.OurSeconds),
                    $"PyTorch {Milliseconds(duel.TheirSeconds)}",
                    Speed(duel),
                    order == CatchUpOrder.Rk12 ? "≥ 1.0 ×" : "told, not promised");
            }
        }
    }
}
