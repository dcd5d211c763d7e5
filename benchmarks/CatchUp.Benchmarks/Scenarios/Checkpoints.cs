using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Benchmarks.Scenarios;

/// <summary>
/// What checkpoints add to a run: two runs in turn, one with many and one with none before its last update, compared from their
/// first point to their last; the difference for one checkpoint, over the updates that lie between two in a run by default.
/// </summary>
internal sealed class Checkpoints : Scenario
{
    private const int Updates = 61;
    private const int Every = 5;
    private const int Made = (Updates - 1) / Every;

    public override string Name => "checkpoint";

    public override string Summary => "what checkpoints at the default interval add to a run";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        foreach (var (name, specification) in bench.Networks())
        {
            var pairs = Enumerable.Range(0, bench.Options.Rounds).Select(_ => (With: Seconds(Every), Without: Seconds(Updates))).ToList();
            var update = Duel.Median(pairs.Select(pair => pair.Without)) / (Updates - 1);
            var costs = pairs.Select(pair => (pair.With - pair.Without) / Made).ToList();
            var interval = new TrainingSpecification().CheckpointEvery;
            yield return new Row(
                Text($"a checkpoint, {name}"),
                Milliseconds(Duel.Median(costs)),
                Text($"{interval} updates of {Milliseconds(update)}"),
                Text($"{Duel.Median(costs) / (interval * update):0.00%} ({costs.Min() / (interval * update):0.00%} to {costs.Max() / (interval * update):0.00%})"),
                "< 2%");

            double Seconds(int every)
            {
                var points = bench.Train(specification with
                {
                    Training = specification.Training with { Iterations = Updates, CheckpointEvery = every },
                    Evaluation = new EvaluationSpecification { Samples = 0 },
                    Samples = new SampleSpecification { Images = 0 },
                }).Journal.OfType<PointsLogged>().ToList();
                return (points[^1].At - points[0].At).TotalSeconds;
            }
        }
    }
}
