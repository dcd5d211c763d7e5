using System.Security.Cryptography;
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

    /// <summary>Extractors of a test's own instead of the user's.</summary>
    private Dictionary<string, string> Own => new() { ["CATCHUP_EXTRACTORS"] = bench.Path("extractors") };

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
            Assert.Equal(("euler", 1, 40, "fashion-mnist-cnn-2", "fashion-mnist train", "8 bit", 1), (evaluation.Solver, evaluation.Head, evaluation.Samples, evaluation.Extractor, evaluation.Reference, evaluation.Quantisation, evaluation.NoiseBank));
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
    public async Task Every_metric_has_its_number_and_its_count_of_images()
    {
        var specification = Evaluated with
        {
            Training = Evaluated.Training with { Iterations = 2 },
            Evaluation = Evaluated.Evaluation with { Every = 0, Nfe = [1], Samples = 260, BatchSize = 100, Metrics = [.. Enum.GetValues<EvaluationMetric>()] },
        };

        var made = (await RunAsync(specification, "out")).OfType<EvaluationMade>().ToDictionary(evaluation => evaluation.Metric);

        Assert.Equal(["fid", "kid", "precision", "recall", "inception-score", "fid-infinity"], made.Keys);
        Assert.All(made.Values, evaluation => Assert.Equal((260, 1), (evaluation.Samples, evaluation.Nfe)));
        Assert.InRange(made["precision"].Value, 0, 1);
        Assert.InRange(made["recall"].Value, 0, 1);
        Assert.InRange(made["inception-score"].Value, 1, 10);
        Assert.Null(made["inception-score"].Low);
        Assert.True(made["fid-infinity"].Value < made["fid"].Value);
        Assert.Equal((made["fid"].High - made["fid"].Value)!.Value, (made["fid-infinity"].High - made["fid-infinity"].Value)!.Value, 9);
    }

    [Fact]
    public async Task Every_solver_samples_with_the_numbers_it_takes_and_the_adaptive_one_counts_its_own()
    {
        var specification = Evaluated with
        {
            // Far enough from the initial weights, which make no velocity at all, for solvers to differ.
            Training = Evaluated.Training with { Iterations = 6 },
            Optimizer = new OptimizerSpecification { LearningRate = 0.02 },
            Ema = new EmaSpecification { Decay = 0 },
            Samples = new SampleSpecification { Images = 4 },
            Evaluation = Evaluated.Evaluation with { Every = 0, Solvers = [.. Enum.GetValues<SolverKind>()], Nfe = [3, 4], Samples = 20, Tolerance = 0.01, Metrics = [EvaluationMetric.Fid] },
        };

        var journal = await RunAsync(specification, "out");

        var made = journal.OfType<EvaluationMade>().ToList();
        (string, int)[] expected = [("euler", 3), ("euler", 4), ("heun", 3), ("dpm-solver-2", 3), ("dpm-solver-2", 4), ("dpm-solver-3", 3), ("dpm-solver-3", 4), ("deis", 3), ("deis", 4)];
        Assert.Equal(expected, made.SkipLast(1).Select(evaluation => (evaluation.Solver, evaluation.Nfe)));
        Assert.Equal("rk45-0.01", made[^1].Solver);
        Assert.InRange(made[^1].Nfe, 8, 200);
        Assert.Equal(made.Select(evaluation => evaluation.Solver).Distinct(), journal.OfType<SamplesSaved>().Select(saved => saved.Solver).Distinct());
        Assert.Equal("samples/step-00000006-rk45-0.01.png", journal.OfType<SamplesSaved>().Last().File);
        Assert.Contains(journal.OfType<PointsLogged>(), points => points.Values.ContainsKey("straightness/rk45-0.01"));
        Assert.Equal(made.Count, made.Select(evaluation => evaluation.Value).Distinct().Count());
    }

    [Fact]
    public async Task A_stored_number_of_the_adaptive_solver_is_not_made_again_whatever_it_counted()
    {
        var specification = Evaluated with { Evaluation = Evaluated.Evaluation with { Solvers = [SolverKind.Rk45], Samples = 10, Metrics = [EvaluationMetric.Fid] } };
        var first = await RunAsync(specification, "first");
        var checkpoint = first.OfType<CheckpointSaved>().First(saved => saved is { Type: CheckpointKind.Checkpoint, Step: 6 });
        var run = new RunFile
        {
            Attempt = 2,
            Specification = specification,
            Resume = new ResumePoint(6, System.IO.Path.Combine(bench.Path("first"), checkpoint.File), checkpoint.Sha256),
            Evaluations = [new StoredResult("rk45", 1234, 1, "fid")],
        };

        var result = await TrainerProcess.RunAsync("train", bench.Write(run), "--out", bench.Path("second"));

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal([12], TrainerProcess.Journal(bench.Path("second")).OfType<EvaluationMade>().Select(made => made.Step));
    }

    [Fact]
    public async Task Weights_set_up_on_the_machine_measure_against_the_data_set_and_its_statistics_are_kept()
    {
        var file = System.IO.Path.Combine(TrainerProcess.RepositoryFolder, "tests/CatchUp.Flow.Tests/Evaluation/Extractors/stand-in/inception-tf-stand-in.pt");
        var hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)));
        Directory.CreateDirectory(bench.Path("extractors/inception-tf"));
        bench.WriteText($$"""{ "weights": "{{file}}", "weightsSha256": "{{hash}}" }""", "extractors/inception-tf/card.json");
        var specification = Evaluated with
        {
            Training = Evaluated.Training with { Iterations = 1 },
            Evaluation = new EvaluationSpecification { Nfe = [1], Samples = 6, Extractor = "inception-tf", Metrics = [EvaluationMetric.Kid, EvaluationMetric.InceptionScore] },
        };

        var journal = await RunAsync(specification, "out");
        var again = await RunAsync(specification, "again");

        Assert.All(journal.OfType<EvaluationMade>(), made => Assert.Equal(("inception-tf", hash, "synthetic"), (made.Extractor, made.ExtractorSha256, made.Reference)));
        var made = journal.OfType<EvaluationMade>().First();
        Assert.True(File.Exists(bench.Path($"extractors/inception-tf/references/{made.ReferenceSha256}.safetensors")));
        Assert.Equal(made.Value, again.OfType<EvaluationMade>().First().Value, 1e-6 * Math.Abs(made.Value));
    }

    [Fact]
    public async Task An_extractor_that_is_not_set_up_fails_the_run_with_what_to_do()
    {
        var specification = Evaluated with { Evaluation = Evaluated.Evaluation with { Extractor = "inception-pytorch" } };

        var result = await TrainerProcess.RunAsync(Own, ["train", bench.Write(specification), "--out", bench.Path("out")]);

        Assert.Equal(3, result.ExitCode);
        var end = Assert.IsType<AttemptEnded>(Assert.Single(TrainerProcess.Journal(bench.Path("out"))));
        Assert.Contains($"Put a card.json into {bench.Path("extractors/inception-pytorch")}", end.Cause, StringComparison.Ordinal);
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
    public async Task Gates_are_measured_first_at_the_last_step_and_change_nothing_else()
    {
        var gated = Evaluated with { Evaluation = Evaluated.Evaluation with { Gates = [10, 20], Metrics = [EvaluationMetric.Fid, EvaluationMetric.Kid, EvaluationMetric.InceptionScore] } };
        var plain = await RunAsync(gated with { Evaluation = gated.Evaluation with { Gates = [] } }, "plain");
        var ten = await RunAsync(gated with { Evaluation = gated.Evaluation with { Gates = [], Samples = 10 } }, "ten");
        var twenty = await RunAsync(gated with { Evaluation = gated.Evaluation with { Gates = [], Samples = 20 } }, "twenty");

        var journal = await RunAsync(gated, "gated");

        var (gates, full) = (journal.OfType<EvaluationMade>().Where(made => made.Gate > 0).ToList(), journal.OfType<EvaluationMade>().Where(made => made.Gate == 0).ToList());
        Assert.Equal(
            from gate in (int[])[10, 20] from nfe in (int[])[1, 2] from metric in (string[])["fid", "kid", "inception-score"] select (12, gate, gate, nfe, metric),
            gates.Select(made => (made.Step, made.Gate, made.Samples, made.Nfe, made.Metric)));
        Assert.True(gates[^1].Number < full.First(made => made.Step == 12).Number);
        Assert.All(gates, made => Assert.Equal((null, null), (made.Low, made.High)));

        // The first images of the same noise bank, and the full numbers to the last bit.
        Assert.Equal(At12(ten).Concat(At12(twenty)), gates.Select(made => (made.Nfe, made.Metric, made.Value)));
        Assert.Equal(plain.OfType<EvaluationMade>().Select(made => (made.Step, made.Nfe, made.Metric, made.Value, made.Low, made.High)), full.Select(made => (made.Step, made.Nfe, made.Metric, made.Value, made.Low, made.High)));
        Assert.Equal(Straightness(plain), Straightness(journal));

        static IEnumerable<(int, string, double)> At12(IReadOnlyList<JournalEntry> journal) => journal.OfType<EvaluationMade>().Where(made => made.Step == 12).Select(made => (made.Nfe, made.Metric, made.Value));
        static IEnumerable<(int, string, double)> Straightness(IReadOnlyList<JournalEntry> journal) =>
            journal.OfType<PointsLogged>().SelectMany(points => points.Values.Where(value => value.Key.StartsWith("straightness/", StringComparison.Ordinal)).Select(value => (points.Step, value.Key, value.Value)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    public async Task A_run_killed_at_a_gate_makes_what_is_left_with_the_same_bits(int stored)
    {
        var gated = Evaluated with { Evaluation = Evaluated.Evaluation with { Every = 0, Gates = [10, 20] } };
        var first = await RunAsync(gated, "first");
        var made = first.OfType<EvaluationMade>().ToList();
        var checkpoint = first.OfType<CheckpointSaved>().First(saved => saved is { Type: CheckpointKind.Checkpoint, Step: 12 });
        var run = new RunFile
        {
            Attempt = 2,
            Specification = gated,
            Resume = new ResumePoint(12, System.IO.Path.Combine(bench.Path("first"), checkpoint.File), checkpoint.Sha256),
            Evaluations = [.. made.Take(stored).Select(result => new StoredResult(result.Solver, result.Nfe, result.Head, result.Metric, result.Gate))],
        };

        var result = await TrainerProcess.RunAsync("train", bench.Write(run), "--out", bench.Path("second"));

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(12, made.Count);
        Assert.Equal(Values(made.Skip(stored)), Values(TrainerProcess.Journal(bench.Path("second")).OfType<EvaluationMade>()));

        // By hand, from a journal that was cut off there.
        var journal = System.IO.Path.Combine(bench.Path("first"), "journal.ndjson");
        var lines = await File.ReadAllLinesAsync(journal, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(journal, lines.Take((int)made[stored - 1].Number), TestContext.Current.CancellationToken);
        var again = await TrainerProcess.RunAsync("train", bench.Write(gated), "--out", bench.Path("first"), "--resume", "latest");
        Assert.True(again.ExitCode == 0, again.Errors);
        Assert.Equal(Values(made), Values(TrainerProcess.Journal(bench.Path("first")).OfType<EvaluationMade>()));

        static IEnumerable<(int, int, string, double, double?)> Values(IEnumerable<EvaluationMade> made) => made.Select(each => (each.Gate, each.Nfe, each.Metric, each.Value, each.Low));
    }

    [Fact]
    public async Task Cancelling_at_a_gate_makes_no_checkpoint_and_no_full_number()
    {
        // So many images that the full evaluation lasts until it is told.
        var gated = Evaluated with { Evaluation = Evaluated.Evaluation with { Every = 0, Gates = [10], Samples = 1_000_000, Nfe = [100], Metrics = [EvaluationMetric.Fid] } };
        var directory = bench.Path("out");
        using (var trainer = TrainerProcess.Start("train", bench.Write(gated), "--out", directory, "--supervised"))
        {
            await trainer.WaitForAsync(directory, entry => entry is EvaluationMade);
            await trainer.Input.WriteLineAsync("cancel");
            Assert.Equal(0, (await trainer.ExitAsync()).ExitCode);
        }

        var journal = TrainerProcess.Journal(directory);
        Assert.Equal([10], journal.OfType<EvaluationMade>().Select(made => made.Gate));
        Assert.Equal((AttemptOutcome.Cancelled, 12), (Assert.IsType<AttemptEnded>(journal[^1]).Outcome, ((AttemptEnded)journal[^1]).Step));
        Assert.DoesNotContain(journal.OfType<CheckpointSaved>(), saved => saved.Type == CheckpointKind.Checkpoint && saved.Number > journal.OfType<EvaluationMade>().First().Number);
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

        // A night's hours are added up from these; each way of sampling took at least what its images did.
        var spent = journal.OfType<TimeSpent>().ToList();
        Assert.All(spent, time => Assert.Equal((0, 0), (time.Training, time.Sampling)));
        Assert.True(spent.Sum(time => time.Evaluation) >= made.GroupBy(evaluation => evaluation.Nfe).Sum(sampling => sampling.First().SampleSeconds));
        Assert.True(spent.Sum(time => time.Evaluation) > 0);
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
        var result = await TrainerProcess.RunAsync(Own, ["train", bench.Write(specification), "--out", bench.Path(name)]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return TrainerProcess.Journal(bench.Path(name));
    }
}
