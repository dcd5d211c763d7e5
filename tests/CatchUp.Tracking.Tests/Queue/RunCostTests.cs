using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Queue;

namespace CatchUp.Tracking.Tests.Queue;

public sealed class RunCostTests
{
    [Fact]
    public void Work_of_gates_is_counted_once_beside_the_full_evaluations()
    {
        var run = new RunSpecification
        {
            Training = new TrainingSpecification { Iterations = 300 },
            Evaluation = new EvaluationSpecification { Every = 100, Nfe = [1, 4], Samples = 1000 },
        };
        var gated = run with { Evaluation = run.Evaluation with { Gates = [100, 200] } };

        Assert.Equal(RunCost.WorkOf(300, 1) + RunCost.WorkOf(300, 4), RunCost.Of(gated).EvaluationWork - RunCost.Of(run).EvaluationWork);
        Assert.Equal(RunCost.Of(run).Key, RunCost.Of(gated).Key);
    }
}
