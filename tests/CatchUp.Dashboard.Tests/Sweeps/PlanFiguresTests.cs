using CatchUp.Dashboard.Sweeps;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Dashboard.Tests.Sweeps;

public sealed class PlanFiguresTests
{
    private const string Start = "name: figures\nbase: { preset: fashion-tiny, training: { iterations: 100 } }\n";

    [Theory]
    [InlineData("", 100)]
    [InlineData("space: { optimizer.learningRate: [1e-4, 1e-3] }\nreplicates: 3\n", 600)]
    [InlineData("space: { training.iterations: [100, 300] }\nreplicates: 2\n", 800)]
    public void Steps_are_those_of_all_runs(string more, long expected)
    {
        var (steps, exact) = PlanFigures.TotalSteps(new SweepPlanner().Plan(Start + more));

        Assert.Equal((expected, true), (steps, exact));
    }

    [Fact]
    public void Steps_swept_beyond_the_configurations_that_are_written_out_are_said_to_be_an_estimate()
    {
        var (steps, exact) = PlanFigures.TotalSteps(new SweepPlanner().Plan(Start + $"space: {{ training.iterations: [{string.Join(", ", Enumerable.Range(1, 20))}] }}\n"));

        Assert.False(exact);
        Assert.True(steps > 0);
    }
}
