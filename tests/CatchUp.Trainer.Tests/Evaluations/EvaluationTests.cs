using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Trainer.Tests.Evaluations;

public sealed class EvaluationTests : IDisposable
{
    private static readonly RunSpecification Evaluated = Workbench.Tiny with
    {
        Training = Workbench.Tiny.Training with { Iterations = 12, CheckpointEvery = 100 },
        Evaluation = new EvaluationSpecification { Every = 6, Nfe = [2, 1], Samples = 40, BatchSize = 16, Metrics = [EvaluationMetric.Fid, EvaluationMetric.Kid] },
    };

    private readonly Workbench bench = new();

    [Fact]
    public async Task Every_number_says_how_it_came_about()
    {
        var journal = await RunAsync(Evaluated, "out");

        var made = journal.OfType<EvaluationMade>().ToList();
        Assert.Equal(
            [(6, 1, "fid"), (6, 1, "kid"), (6, 2, "fid"), (6, 2, "kid"), (12, 1, "fid"), (12, 1, "kid"), (12, 2, "fid"), (12, 2, "kid")],
            made.Select(evaluation => (evaluation.Step, evaluation.Nfe, evaluation.Metric)));
        Assert.All(made, evaluation =>
        {
            Assert.Equal(("euler", 1, 40, "fashion-mnist-cnn-1", "fashion-mnist train", "8 bit", 1), (evaluation.Solver, evaluation.Head, evaluation.Samples, evaluation.Extractor, evaluation.Reference, evaluation.Quantisation, evaluation.NoiseBank));
            Assert.Matches("^[0-9a-f]{64}$", evaluation.ExtractorSha256);
            Assert.Matches("^[0-9a-f]{64}$", evaluation.ReferenceSha256);
            Assert.Equal(journal.OfType<CheckpointSaved>().Single(saved => saved.Type == CheckpointKind.Snapshot && saved.Step == evaluation.Step).Sha256, evaluation.SnapshotSha256);
        });
        Assert.All(made.Where(evaluation => evaluation.Metric == "fid"), evaluation =>
        {
            Assert.True(evaluation.Value > 0);
            Assert.InRange(evaluation.Value, evaluation.Low!.Value, evaluation.High!.Value);
        });
        Assert.Equal(
            [(6, "straightness/euler-1"), (6, "straightness/euler-2"), (12, "straightness/euler-1"), (12, "straightness/euler-2")],
            journal.OfType<PointsLogged>().SelectMany(points => points.Values.Keys.Where(name => name.StartsWith("straightness/", StringComparison.Ordinal)).Select(name => (points.Step, name))));
    }

    [Fact]
    public async Task A_checkpoint_comes_before_the_evaluation_of_its_step()
    {
        var journal = await RunAsync(Evaluated, "out");

        Assert.All(journal.OfType<EvaluationMade>(), evaluation => Assert.Contains(journal.OfType<CheckpointSaved>(), saved =>
            saved.Type == CheckpointKind.Checkpoint && saved.Step == evaluation.Step && saved.Number < evaluation.Number));
    }

    [Fact]
    public async Task The_number_does_not_depend_on_the_batch_size_of_sampling()
    {
        var small = await RunAsync(Evaluated, "small");
        var large = await RunAsync(Evaluated with { Evaluation = Evaluated.Evaluation with { BatchSize = 40 } }, "large");

        var (one, other) = (small.OfType<EvaluationMade>().ToList(), large.OfType<EvaluationMade>().ToList());
        Assert.All(one.Zip(other), pair => Assert.Equal(pair.First.Value, pair.Second.Value, Math.Abs(pair.First.Value) * 1e-3));
    }

    [Fact]
    public async Task Results_that_are_stored_are_not_made_again()
    {
        var first = await RunAsync(Evaluated, "first");
        var checkpoint = first.OfType<CheckpointSaved>().First(saved => saved is { Type: CheckpointKind.Checkpoint, Step: 6 });
        var run = new RunFile
        {
            Attempt = 2,
            Specification = Evaluated,
            Resume = new ResumePoint(6, System.IO.Path.Combine(bench.Path("first"), checkpoint.File), checkpoint.Sha256),
            Evaluations = [new StoredResult("euler", 1, 1, "fid"), new StoredResult("euler", 1, 1, "kid"), new StoredResult("euler", 2, 1, "fid")],
        };

        var result = await TrainerProcess.RunAsync("train", bench.Write(run), "--out", bench.Path("second"));

        Assert.True(result.ExitCode == 0, result.Errors);
        var journal = TrainerProcess.Journal(bench.Path("second"));
        var made = journal.OfType<EvaluationMade>().ToList();
        Assert.Equal([(6, 2, "kid"), (12, 1, "fid"), (12, 1, "kid"), (12, 2, "fid"), (12, 2, "kid")], made.Select(evaluation => (evaluation.Step, evaluation.Nfe, evaluation.Metric)));
        Assert.Equal(Values(first).TakeLast(5), Values(journal));
        Assert.IsType<AttemptStarted>(journal[0]);

        static IEnumerable<(string, double)> Values(IReadOnlyList<JournalEntry> journal) => journal.OfType<EvaluationMade>().Select(made => (made.SnapshotSha256, made.Value));
    }

    [Fact]
    public async Task A_stored_snapshot_is_evaluated_again_to_the_same_numbers()
    {
        var first = await RunAsync(Evaluated, "first");
        var snapshot = first.OfType<CheckpointSaved>().Last(saved => saved is { Type: CheckpointKind.Snapshot, Step: 12 });
        var run = new RunFile
        {
            Specification = new RunSpecification
            {
                Kind = RunKind.Evaluate,
                InitialRun = new InitialRunSpecification { Run = "1", Step = 12 },
                Evaluation = Evaluated.Evaluation with { Nfe = [1, 2, 3] },
            },
            Initial = new InitialWeights(1, 12, System.IO.Path.Combine(bench.Path("first"), snapshot.File), snapshot.Sha256, Evaluated),
            Evaluations = [new StoredResult("euler", 1, 1, "fid"), new StoredResult("euler", 1, 1, "kid")],
        };

        var result = await TrainerProcess.RunAsync("train", bench.Write(run), "--out", bench.Path("again"));

        Assert.True(result.ExitCode == 0, result.Errors);
        var journal = TrainerProcess.Journal(bench.Path("again"));
        var made = journal.OfType<EvaluationMade>().ToList();
        Assert.Equal([(12, 2, "fid"), (12, 2, "kid"), (12, 3, "fid"), (12, 3, "kid")], made.Select(evaluation => (evaluation.Step, evaluation.Nfe, evaluation.Metric)));
        Assert.All(made, evaluation => Assert.Equal(snapshot.Sha256, evaluation.SnapshotSha256));
        Assert.Equal(first.OfType<EvaluationMade>().Where(evaluation => evaluation is { Step: 12, Nfe: 2 }).Select(evaluation => evaluation.Value), made.Take(2).Select(evaluation => evaluation.Value));
        Assert.Equal((AttemptOutcome.Completed, 12), (Assert.IsType<AttemptEnded>(journal[^1]).Outcome, ((AttemptEnded)journal[^1]).Step));
    }

    [Fact]
    public async Task The_latest_checkpoints_and_the_best_are_kept()
    {
        // A learning rate that ruins the network once the warm-up is over: the best is an early one.
        var specification = Evaluated with
        {
            Optimizer = new OptimizerSpecification { LearningRate = 1, WarmupSteps = 200, Beta2 = 0.9 },
            Ema = new EmaSpecification { Decay = 0 },
            Training = Evaluated.Training with { Iterations = 30, KeepCheckpoints = 2 },
            Evaluation = Evaluated.Evaluation with { Every = 5, Metrics = [EvaluationMetric.Fid], Nfe = [1] },
        };

        var journal = await RunAsync(specification, "out");

        var best = journal.OfType<EvaluationMade>().MinBy(evaluation => evaluation.Value)!.Step;
        var expected = new SortedSet<int> { best, 25, 30 };
        TestContext.Current.TestOutputHelper!.WriteLine($"The best is step {best}.");
        Assert.True(expected.SetEquals(Kept(CheckpointKind.Checkpoint)));
        Assert.True(expected.SetEquals(Kept(CheckpointKind.Snapshot)));
        Assert.Equal(2 * expected.Count, Directory.EnumerateFiles(System.IO.Path.Combine(bench.Path("out"), "checkpoints"), "*.safetensors").Count());

        IEnumerable<int> Kept(CheckpointKind type) => journal.OfType<CheckpointSaved>().Where(saved => saved.Type == type).Select(saved => saved.Step)
            .Except(journal.OfType<CheckpointRemoved>().Where(removed => removed.Type == type).Select(removed => removed.Step));
    }

    public void Dispose() => bench.Dispose();

    private async Task<IReadOnlyList<JournalEntry>> RunAsync(RunSpecification specification, string name)
    {
        var result = await TrainerProcess.RunAsync("train", bench.Write(specification), "--out", bench.Path(name));
        Assert.True(result.ExitCode == 0, result.Errors);
        return TrainerProcess.Journal(bench.Path(name));
    }
}
