using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Trainer.Tests.Runs;

/// <summary>Runs that start from another run's averaged weights, or learn from its model.</summary>
public sealed class InitialRunTests(InitialRunTests.ParentRun parent) : IClassFixture<InitialRunTests.ParentRun>, IDisposable
{
    private const int LastStep = 12, ResumeStep = 6;

    private readonly Workbench bench = new();

    private static RunSpecification Parent { get; } = Workbench.Tiny with { Training = Workbench.Tiny.Training with { Iterations = 4 } };

    private static RunSpecification Child { get; } = Workbench.Tiny with
    {
        Seed = 11,
        InitialRun = new InitialRunSpecification { Run = "1" },
        Training = Workbench.Tiny.Training with { Iterations = LastStep, CheckpointEvery = 3, KeepCheckpoints = 10 },
    };

    public static TheoryData<string, string[]> Kinds => new()
    {
        { "rectified-flow", ["ground_truth_1"] },
        { "catch-up", ["catch_up_1", "catch_up_2", "ground_truth_1", "ground_truth_2"] },
        { "partial, perceptual and wavelet catch-up", ["catch_up_1", "catch_up_2", "ground_truth_1", "ground_truth_2", "wavelet"] },
        { "learned catch-up", ["catch_up_1", "catch_up_2", "ground_truth_1", "ground_truth_2", "kl"] },
        { "consistency-distillation", ["consistency"] },
        { "discrete consistency-distillation", ["consistency"] },
        { "progressive-distillation", ["progressive"] },
        { "final-distillation", ["one_step", "average"] },
        { "reflow", ["ground_truth_1"] },
        { "reflow catch-up", ["catch_up_1", "catch_up_2", "ground_truth_1", "ground_truth_2"] },
    };

    /// <summary>Resumed where nothing of the first attempt is left but its checkpoint, as on another worker.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_run_of_each_kind_trains_and_goes_on_with_the_same_bits(string kind, string[] terms)
    {
        var specification = Child with { Objective = ObjectiveOf(kind), Coupling = CouplingOf(kind) };
        var initial = parent.Weights;
        await CompleteAsync(new RunFile { Specification = specification, Initial = initial }, "straight");
        var journal = TrainerProcess.Journal(bench.Path("straight"));
        Assert.All(journal.OfType<PointsLogged>(), points =>
            Assert.Equal(terms.Select(term => $"loss/{term}").Order(), points.Values.Keys.Where(key => key.StartsWith("loss/", StringComparison.Ordinal)).Order()));
        var saved = journal.OfType<CheckpointSaved>().Single(saved => saved is { Type: CheckpointKind.Checkpoint, Step: ResumeStep });

        var resume = new ResumePoint(ResumeStep, bench.Path($"straight/{saved.File}"), saved.Sha256);
        await CompleteAsync(new RunFile { Specification = specification, Initial = initial, Resume = resume }, "resumed");

        var resumed = TrainerProcess.Journal(bench.Path("resumed"));
        Assert.Equal(ResumeStep, resumed.OfType<AttemptStarted>().Single().FromStep);
        Assert.Equal(Losses(journal).Where(point => point.Step > ResumeStep), Losses(resumed));
        Assert.Equal(LastWeights(journal, CheckpointKind.Checkpoint), LastWeights(resumed, CheckpointKind.Checkpoint));
        Assert.Equal(LastWeights(journal, CheckpointKind.Snapshot), LastWeights(resumed, CheckpointKind.Snapshot));
    }

    [Fact]
    public async Task A_run_starts_from_the_averaged_weights_and_makes_its_own_heads()
    {
        var initial = await TrainAsync(bench, Parent with { Objective = new ObjectiveSpecification() });
        var gentle = Child with { Optimizer = new OptimizerSpecification { LearningRate = 1e-8 }, Training = Child.Training with { Iterations = 1 } };

        await CompleteAsync(new RunFile { Specification = gentle, Initial = initial }, "child");

        var (given, child) = (Snapshot.Read(initial.File), Snapshot.Read(bench.Path("child/checkpoints/snapshot-00000001.safetensors")));
        Assert.Equal(["head2.block.0.bias", "head2.block.0.weight", "head2.block.2.bias", "head2.block.2.weight"], child.Keys.Except(given.Keys).Order());
        Assert.Empty(given.Keys.Except(child.Keys));
        Assert.All(given, weight => Assert.InRange(Snapshot.Difference(weight.Value, child[weight.Key]), 0, 1e-7));
        Assert.True(given["map_layer0.weight"].Max() > 1e-3);
    }

    [Fact]
    public async Task A_distillation_of_a_network_with_more_heads_leaves_them_behind()
    {
        var initial = parent.Weights;

        await CompleteAsync(new RunFile { Specification = Child with { Objective = ObjectiveOf("consistency-distillation") }, Initial = initial }, "child");

        var (given, child) = (Snapshot.Read(initial.File), Snapshot.Read(bench.Path($"child/checkpoints/snapshot-{LastStep:00000000}.safetensors")));
        Assert.Contains("head2.block.2.weight", given.Keys);
        Assert.Equal(given.Keys.Where(name => !name.StartsWith("head2.", StringComparison.Ordinal)).Order(), child.Keys.Order());
    }

    [Fact]
    public async Task A_teacher_of_another_shape_fails_the_run_and_names_its_weights()
    {
        var initial = await TrainAsync(bench, Parent with { Network = Parent.Network with { Channels = 12, Blocks = 2 } });

        var end = await FailAsync(new RunFile { Specification = Child with { Objective = ObjectiveOf("progressive-distillation") }, Initial = initial with { Run = 31 } });

        Assert.Equal(AttemptOutcome.Failed, end.Outcome);
        Assert.Contains("The network of the initial run 31 is not this run's.", end.Cause, StringComparison.Ordinal);
        Assert.Contains("dec.7x7_block2", end.Cause, StringComparison.Ordinal);
        Assert.Contains("initialRun.run", end.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_torn_snapshot_loses_the_attempt()
    {
        var initial = parent.Weights;

        var end = await FailAsync(new RunFile { Specification = Child, Initial = initial with { Sha256 = new string('0', 64) } });

        Assert.Equal(AttemptOutcome.Lost, end.Outcome);
        Assert.Contains("is refused: its SHA-256", end.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_of_a_run_with_another_teacher_is_refused()
    {
        var specification = Child with { Objective = ObjectiveOf("consistency-distillation") };
        var first = parent.Weights;
        var second = await TrainAsync(bench, Parent with { Seed = 8 });
        await CompleteAsync(new RunFile { Specification = specification, Initial = first }, "straight");
        var saved = TrainerProcess.Journal(bench.Path("straight")).OfType<CheckpointSaved>().First();

        var end = await FailAsync(new RunFile { Specification = specification, Initial = second, Resume = new ResumePoint(saved.Step, bench.Path($"straight/{saved.File}"), saved.Sha256) });

        Assert.Contains("another configuration", end.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task By_hand_a_snapshot_says_itself_what_network_it_is_of(bool hasSidecar)
    {
        var initial = parent.Weights;
        var snapshot = bench.Path("snapshot.safetensors");
        File.Copy(initial.File, snapshot);
        if (hasSidecar)
        {
            File.Copy(System.IO.Path.ChangeExtension(initial.File, ".json"), bench.Path("snapshot.json"));
        }

        var run = bench.Write(Child with { InitialRun = new InitialRunSpecification(), Objective = ObjectiveOf("progressive-distillation") }, "child.json");
        var result = await TrainerProcess.RunAsync("train", run, "--initial", snapshot, "--out", bench.Path("child"));

        Assert.True(result.ExitCode == 0, result.Errors);
        await CompleteAsync(new RunFile { Specification = Child with { Objective = ObjectiveOf("progressive-distillation") }, Initial = initial }, "as-worker");
        Assert.Equal(Losses(TrainerProcess.Journal(bench.Path("as-worker"))), Losses(TrainerProcess.Journal(bench.Path("child"))));
    }

    [Fact]
    public async Task By_hand_a_run_without_its_initial_snapshot_or_with_no_snapshot_is_refused()
    {
        var initial = parent.Weights;
        var run = bench.Write(Child, "child.json");
        var teacherless = bench.Write(Child with { InitialRun = new InitialRunSpecification(), Objective = ObjectiveOf("final-distillation") }, "teacherless.json");
        var checkpoint = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(initial.File)!, "checkpoint-00000004.safetensors");

        await RefusedAsync("initialRun.run names the run 1 to start from. Give its snapshot with --initial.", "train", run);
        await RefusedAsync("The run final-distillation learns from another run's trajectories. Give its snapshot with --initial.", "train", teacherless);
        await RefusedAsync("it is no snapshot", "train", run, "--initial", checkpoint);
        await RefusedAsync("cannot be used", "train", run, "--initial", bench.Path("missing.safetensors"));
    }

    [Theory]
    [InlineData("final-distillation", "Making 20 pairs")]
    [InlineData("reflow", "Making 20 pairs")]
    public async Task Pairs_are_kept_in_the_run_directory_and_made_again_where_they_are_damaged(string kind, string log)
    {
        var run = new RunFile { Specification = Child with { Objective = ObjectiveOf(kind), Coupling = CouplingOf(kind) }, Initial = parent.Weights };
        await CompleteAsync(run, "child");
        var (weights, kept) = (LastWeights(Journal(), CheckpointKind.Checkpoint), bench.Path("child/pairs.safetensors"));
        Assert.Equal(1, Made());

        await ResumeAsync();
        Assert.Equal(1, Made());
        Assert.Equal(weights, LastWeights(Journal(), CheckpointKind.Checkpoint));

        var bytes = await File.ReadAllBytesAsync(kept, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(kept, bytes, TestContext.Current.CancellationToken);
        await ResumeAsync();
        Assert.Equal(2, Made());
        Assert.Equal(weights, LastWeights(Journal(), CheckpointKind.Checkpoint));

        IReadOnlyList<JournalEntry> Journal() => TrainerProcess.Journal(bench.Path("child"));

        int Made() => Journal().OfType<LogWritten>().Count(entry => entry.Text.StartsWith(log, StringComparison.Ordinal));

        async Task ResumeAsync()
        {
            var result = await TrainerProcess.RunAsync("train", bench.Write(run, "child.json"), "--out", bench.Path("child"), "--resume", bench.Path($"child/checkpoints/checkpoint-{ResumeStep:00000000}.safetensors"));
            Assert.True(result.ExitCode == 0, result.Errors);
        }
    }

    [Fact]
    public async Task Making_pairs_can_be_paused()
    {
        var endless = Child with { Objective = ObjectiveOf("final-distillation") with { Pairs = 1_000_000 } };
        using var trainer = TrainerProcess.Start("train", bench.Write(new RunFile { Specification = endless, Initial = parent.Weights }), "--out", bench.Path("child"), "--supervised");
        await trainer.WaitForAsync(bench.Path("child"), entry => entry is LogWritten log && log.Text.StartsWith("Making 1,000,000 pairs", StringComparison.Ordinal));
        await trainer.Input.WriteLineAsync("pause");

        Assert.Equal(0, (await trainer.ExitAsync()).ExitCode);

        var end = Assert.IsType<AttemptEnded>(TrainerProcess.Journal(bench.Path("child"))[^1]);
        Assert.Equal((AttemptOutcome.Paused, 0), (end.Outcome, end.Step));
        Assert.False(File.Exists(bench.Path("child/pairs.safetensors")));
    }

    public void Dispose() => bench.Dispose();

    private static ObjectiveSpecification ObjectiveOf(string kind) => kind switch
    {
        "rectified-flow" or "reflow" => new ObjectiveSpecification(),
        "partial, perceptual and wavelet catch-up" => Workbench.Tiny.Objective with { CatchUpShare = 0.5, CatchUpLoss = CatchUpLoss.Perceptual, WaveletWeight = 0.1 },
        "consistency-distillation" => new ObjectiveSpecification { Kind = ObjectiveKind.ConsistencyDistillation, TimeSteps = 8 },
        "discrete consistency-distillation" => new ObjectiveSpecification { Kind = ObjectiveKind.ConsistencyDistillation, TimeSteps = 8, Time = TimeKind.Discrete },
        "progressive-distillation" => new ObjectiveSpecification { Kind = ObjectiveKind.ProgressiveDistillation, TimeSteps = 8 },
        "final-distillation" => new ObjectiveSpecification { Kind = ObjectiveKind.FinalDistillation, Pairs = 20 },
        _ => Workbench.Tiny.Objective,
    };

    private static CouplingSpecification CouplingOf(string kind) => kind.Split(' ')[0] switch
    {
        "reflow" => new CouplingSpecification { Kind = CouplingKind.Reflow, Pairs = 20, Nfe = 3 },
        "learned" => new CouplingSpecification { Kind = CouplingKind.Learned, EncoderChannels = 8, EncoderBlocks = 1 },
        _ => new CouplingSpecification(),
    };

    private static async Task<InitialWeights> TrainAsync(Workbench bench, RunSpecification specification)
    {
        var result = await TrainerProcess.RunAsync("train", bench.Write(specification, "parent.json"), "--out", bench.Path("parent"));
        Assert.True(result.ExitCode == 0, result.Errors);
        var saved = TrainerProcess.Journal(bench.Path("parent")).OfType<CheckpointSaved>().Last(saved => saved.Type == CheckpointKind.Snapshot);
        return new InitialWeights(1, saved.Step, bench.Path($"parent/{saved.File}"), saved.Sha256, specification);
    }

    private async Task CompleteAsync(RunFile run, string name)
    {
        var result = await TrainerProcess.RunAsync("train", bench.Write(run, $"{name}.json"), "--out", bench.Path(name));
        Assert.True(result.ExitCode == 0, result.Errors);
    }

    private async Task<AttemptEnded> FailAsync(RunFile run)
    {
        var result = await TrainerProcess.RunAsync("train", bench.Write(run, "failing.json"), "--out", bench.Path("failing"));
        Assert.Equal(3, result.ExitCode);
        return Assert.IsType<AttemptEnded>(Assert.Single(TrainerProcess.Journal(bench.Path("failing"))));
    }

    private async Task RefusedAsync(string message, params string[] arguments)
    {
        var result = await TrainerProcess.RunAsync([.. arguments, "--out", bench.Path("refused")]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
    }

    private static List<(int Step, double Loss)> Losses(IEnumerable<JournalEntry> journal) =>
        [.. journal.OfType<PointsLogged>().Select(points => (points.Step, points.Values["loss"]))];

    private static string LastWeights(IEnumerable<JournalEntry> journal, CheckpointKind type) =>
        journal.OfType<CheckpointSaved>().Last(saved => saved.Type == type).Sha256;

    /// <summary>RK23 with two heads, trained once for all tests.</summary>
    public sealed class ParentRun : IAsyncLifetime
    {
        private readonly Workbench bench = new();

        public InitialWeights Weights { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Weights = await TrainAsync(bench, Parent);

        public ValueTask DisposeAsync()
        {
            bench.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
