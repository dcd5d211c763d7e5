using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Benchmarks.Scenarios;

/// <summary>From the start of the trainer's process to its first point.</summary>
internal sealed class StartUp : Scenario
{
    public override string Name => "start-up";

    public override string Summary => "time from 'train' to the first update";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        foreach (var (name, specification) in bench.Networks())
        {
            var seconds = Enumerable.Range(0, bench.Options.Rounds).Select(_ =>
            {
                var (started, journal) = bench.Train(specification with
                {
                    Training = specification.Training with { Iterations = 1 },
                    Evaluation = new EvaluationSpecification { Samples = 0 },
                    Samples = new SampleSpecification { Images = 0 },
                });
                return (journal.OfType<PointsLogged>().First().At - started).TotalSeconds;
            }).ToList();
            yield return new Row($"first update, {name}", Text($"{Duel.Median(seconds):0.00} s"), "no rival", Text($"{seconds.Min():0.00} to {seconds.Max():0.00} s"), "< 5 s");
        }
    }
}
