using CatchUp.Contracts.Specifications;

namespace CatchUp.Benchmarks.Scenarios;

/// <summary>The update with the first slope reused against the literal one, both ours. Counting a forward pass 1 and a backward pass 2, order H falls from 2H + 3 to 2H + 2.</summary>
internal sealed class CatchUpForms : Scenario
{
    private const string Updates = "5";

    public override string Name => "catch-up-forms";

    public override string Summary => "reuse of the first slope against the literal update";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        foreach (var (name, specification) in bench.Networks())
        {
            foreach (var order in Enum.GetValues<CatchUpOrder>())
            {
                using var reusing = Start(true);
                using var literal = Start(false);
                var duel = Duel.Fight(reusing, literal, bench.Options.Rounds);
                var heads = (int)order + 1;
                var bound = (2.0 * heads + 3) / (2 * heads + 2);
                yield return new Row(
                    Text($"{order} reusing, {name}, batch {specification.Training.BatchSize}"),
                    Milliseconds(duel.OurSeconds),
                    $"literal {Milliseconds(duel.TheirSeconds)}",
                    Text($"{Speed(duel)}, {duel.Speed / bound:0%} of the bound"),
                    Text($"≥ 90% of {bound:0.000} ×"));

                Rival Start(bool reuse) => bench.Ours(
                    "training",
                    bench.Write(specification with { Objective = specification.Objective with { Order = order, ReuseFirstSlope = reuse } }),
                    ["--units", Updates]);
            }
        }
    }
}
