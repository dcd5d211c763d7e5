using System.Text.RegularExpressions;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Trainer.Tests.Runs;

public sealed class FailureTests : IDisposable
{
    private readonly Workbench bench = new();

    [Fact]
    public async Task A_loss_that_is_not_finite_ends_the_run_and_names_term_and_step()
    {
        // Without a second moment, a momentarily small gradient makes a huge update.
        var wild = Workbench.Tiny with
        {
            Optimizer = new OptimizerSpecification { LearningRate = 1, Beta1 = 0.99, Beta2 = 0, Epsilon = 1e-16 },
            Training = Workbench.Tiny.Training with { Iterations = 200 },
        };

        var result = await TrainerProcess.RunAsync("train", bench.Write(wild), "--out", bench.Path("out"));

        Assert.Equal(3, result.ExitCode);
        var journal = TrainerProcess.Journal(bench.Path("out"));
        var end = Assert.IsType<AttemptEnded>(journal[^1]);
        Assert.Equal(AttemptOutcome.Failed, end.Outcome);
        var named = Regex.Match(end.Cause!, @"^The loss term ((catch_up|ground_truth)_[12]) was (not a number|infinite) at step (\d+)\.$");
        Assert.True(named.Success, end.Cause);
        Assert.Equal(end.Step + 1, int.Parse(named.Groups[4].Value, null));
        Assert.Equal(end.Step, journal.OfType<PointsLogged>().Last().Step);
        Assert.Contains("learningRate", end.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_data_set_fails_before_training()
    {
        var result = await TrainerProcess.RunAsync("train", bench.Write(Workbench.Tiny with { Data = new DataSpecification { Dataset = "cifar11" } }), "--out", bench.Path("out"));

        Assert.Equal(3, result.ExitCode);
        var end = Assert.IsType<AttemptEnded>(Assert.Single(TrainerProcess.Journal(bench.Path("out"))));
        Assert.Equal(AttemptOutcome.Failed, end.Outcome);
        Assert.Contains("'cifar11' is not known. Known are fashion-mnist-10k", end.Cause, StringComparison.Ordinal);
        Assert.Contains(end.Cause!, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_extractor_fails_before_training()
    {
        var specification = Workbench.Tiny with { Evaluation = Workbench.Tiny.Evaluation with { Samples = 10, Extractor = "../inception" } };

        var result = await TrainerProcess.RunAsync("train", bench.Write(specification), "--out", bench.Path("out"));

        Assert.Equal(3, result.ExitCode);
        var end = Assert.IsType<AttemptEnded>(Assert.Single(TrainerProcess.Journal(bench.Path("out"))));
        Assert.Contains("Known are fashion-mnist-cnn-2", end.Cause, StringComparison.Ordinal);
    }

    public void Dispose() => bench.Dispose();
}
