using CatchUp.Contracts.Specifications;

namespace CatchUp.Benchmarks.Scenarios;

/// <summary>
/// Cheaper forms of the update against the literal one, all ours. Counting a forward pass 1 and a backward pass 2, the first slope
/// reused takes order H from 2H + 3 to 2H + 2; targets for a quarter of the batch take RK12 from 5 to 3¼.
/// </summary>
internal sealed class CatchUpForms : Scenario
{
    private const string Updates = "5";

    public override string Name => "catch-up-forms";

    public override string Summary => "reuse of the first slope, and targets for a quarter of the batch, against the literal update";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        foreach (var (name, specification) in bench.Networks())
        {
            foreach (var order in Enum.GetValues<CatchUpOrder>())
            {
                using var reusing = Start(specification.Objective with { Order = order, ReuseFirstSlope = true });
                using var literal = Start(specification.Objective with { Order = order, ReuseFirstSlope = false });
                var duel = Duel.Fight(reusing, literal, bench.Options.Rounds);
                var heads = (int)order + 1;
                var bound = (2.0 * heads + 3) / (2 * heads + 2);
                yield return new Row(
                    Text($"{order} reusing, {name}, batch {specification.Training.BatchSize}"),
                    Milliseconds(duel.OurSeconds),
                    $"literal {Milliseconds(duel.TheirSeconds)}",
                    Text($"{Speed(duel)}, {duel.Speed / bound:0%} of the bound"),
                    Text($"≥ 90% of {bound:0.000} ×"));
            }

            using var quarter = Start(specification.Objective with { Order = CatchUpOrder.Rk12, ReuseFirstSlope = true, CatchUpShare = 0.25 });
            using var whole = Start(specification.Objective with { Order = CatchUpOrder.Rk12, ReuseFirstSlope = false });
            var cheaper = Duel.Fight(quarter, whole, bench.Options.Rounds);
            yield return new Row(
                Text($"Rk12 reusing, catchUpShare 0.25, {name}, batch {specification.Training.BatchSize}"),
                Milliseconds(cheaper.OurSeconds),
                $"literal {Milliseconds(cheaper.TheirSeconds)}",
                Text($"{Speed(cheaper)}, {1 / cheaper.Speed:0.00} of its time"),
                "≤ 0.70 of its time");

            Rival Start(ObjectiveSpecification objective) => bench.Ours("training", bench.Write(specification with { Objective = objective }), ["--units", Updates]);
        }
    }
}
