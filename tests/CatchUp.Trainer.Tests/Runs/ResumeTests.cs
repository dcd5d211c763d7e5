using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Trainer.Tests.Runs;

/// <summary>An interrupted and resumed run gives the same bits as one that was left alone.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly Workbench bench = new();

    [Theory]
    [InlineData(ObjectiveKind.CatchUp)]
    [InlineData(ObjectiveKind.RectifiedFlow)]
    public async Task A_killed_run_goes_on_with_the_same_bits(ObjectiveKind objective)
    {
        var specification = Workbench.Tiny with { Objective = Workbench.Tiny.Objective with { Kind = objective } };
        var run = bench.Write(specification);
        await CompleteAsync("train", run, "--out", bench.Path("straight"));

        var killAfter = Random.Shared.Next(6, 20);
        TestContext.Current.TestOutputHelper!.WriteLine($"Killed after step {killAfter}.");
        var directory = bench.Path("killed");
        using (var trainer = TrainerProcess.Start("train", run, "--out", directory))
        {
            await trainer.WaitForAsync(directory, entry => entry is PointsLogged points && points.Step >= killAfter);
            await trainer.KillAsync();
        }

        Assert.Empty(TrainerProcess.Journal(directory).OfType<AttemptEnded>());
        await File.AppendAllTextAsync(System.IO.Path.Combine(directory, "journal.ndjson"), """{"kind":"points","number":99,"at":"2026-""", TestContext.Current.CancellationToken);
        await CompleteAsync("train", run, "--out", directory, "--resume", "latest");

        var journal = TrainerProcess.Journal(directory);
        Assert.Equal(Enumerable.Range(1, journal.Count).Select(number => (long)number), journal.Select(entry => entry.Number));
        var resumed = journal.OfType<AttemptStarted>().Last();
        Assert.InRange(resumed.FromStep, 5, specification.Training.Iterations - 1);
        var expected = TrainerProcess.Journal(bench.Path("straight"));
        Assert.Equal(Measured(expected, after: resumed.FromStep), Measured(journal.Where(entry => entry.Number > resumed.Number), after: 0));
        Assert.Equal(LastWeights(expected, CheckpointKind.Checkpoint), LastWeights(journal, CheckpointKind.Checkpoint));
        Assert.Equal(LastWeights(expected, CheckpointKind.Snapshot), LastWeights(journal, CheckpointKind.Snapshot));
    }

    [Fact]
    public async Task A_class_conditional_run_with_a_learned_coupling_goes_on_with_the_same_bits()
    {
        var specification = Workbench.Tiny with
        {
            Network = new NetworkSpecification { Kind = NetworkKind.Adm, Channels = 32, ChannelMultipliers = [1, 1, 1], ChannelsPerHead = 32, ClassConditional = true, Dropout = 0.2, PriorShakeDrop = true },
            Coupling = new CouplingSpecification { Kind = CouplingKind.Learned, EncoderChannels = 8, EncoderBlocks = 1 },
            Training = Workbench.Tiny.Training with { Iterations = 4, BatchSize = 2, CheckpointEvery = 2, KeepCheckpoints = 9 },
            Samples = new SampleSpecification { Images = 4 },
        };
        await CompleteAsync("train", bench.Write(specification), "--out", bench.Path("straight"));
        var expected = TrainerProcess.Journal(bench.Path("straight"));
        var saved = expected.OfType<CheckpointSaved>().First(saved => saved.Type == CheckpointKind.Checkpoint);
        Assert.Equal(2, saved.Step);
        Assert.All(expected.OfType<PointsLogged>().Where(points => points.Values.ContainsKey("loss")), points => Assert.True(points.Values["loss/kl"] > 0));

        var second = bench.Write(new RunFile { Specification = specification, Resume = new ResumePoint(2, System.IO.Path.Combine(bench.Path("straight"), saved.File), saved.Sha256) }, "second.json");
        await CompleteAsync("train", second, "--out", bench.Path("second"));

        var journal = TrainerProcess.Journal(bench.Path("second"));
        Assert.Equal(Measured(expected, after: 2), Measured(journal, after: 0));
        Assert.Equal(LastWeights(expected, CheckpointKind.Checkpoint, 4), LastWeights(journal, CheckpointKind.Checkpoint, 4));
        Assert.Equal(LastWeights(expected, CheckpointKind.Snapshot, 4), LastWeights(journal, CheckpointKind.Snapshot, 4));
        Assert.NotEmpty(journal.OfType<SamplesSaved>());
    }

    [Fact]
    public async Task A_paused_run_goes_on_with_the_same_bits_in_another_directory()
    {
        var run = bench.Write(Workbench.Tiny);
        await CompleteAsync("train", run, "--out", bench.Path("straight"));
        var paused = bench.Path("paused");
        using (var trainer = TrainerProcess.Start("train", run, "--out", paused, "--supervised"))
        {
            await trainer.WaitForAsync(paused, entry => entry is PointsLogged { Step: >= 2 });
            await trainer.Input.WriteLineAsync("pause");
            Assert.Equal(0, (await trainer.ExitAsync()).ExitCode);
        }

        var end = Assert.IsType<AttemptEnded>(TrainerProcess.Journal(paused)[^1]);
        Assert.Equal(AttemptOutcome.Paused, end.Outcome);
        var saved = TrainerProcess.Journal(paused).OfType<CheckpointSaved>().Last();
        Assert.Equal(end.Step, saved.Step);

        // As a worker does it: the checkpoint under its hash alone, without its sidecar.
        var artifact = bench.Path(saved.Sha256);
        File.Copy(System.IO.Path.Combine(paused, saved.File), artifact);
        var second = bench.Write(new RunFile { Run = 1, Attempt = 2, Specification = Workbench.Tiny, Resume = new ResumePoint(saved.Step, artifact, saved.Sha256) }, "second.json");
        await CompleteAsync("train", second, "--out", bench.Path("second"));

        var (expected, journal) = (TrainerProcess.Journal(bench.Path("straight")), TrainerProcess.Journal(bench.Path("second")));
        Assert.Equal(end.Step, journal.OfType<AttemptStarted>().Single().FromStep);
        Assert.Equal(Measured(expected, after: end.Step), Measured(journal, after: 0));
        Assert.Equal(LastWeights(expected, CheckpointKind.Checkpoint), LastWeights(journal, CheckpointKind.Checkpoint));
    }

    [Fact]
    public async Task Another_seed_gives_other_bits()
    {
        await CompleteAsync("train", bench.Write(Workbench.Tiny), "--out", bench.Path("one"));
        await CompleteAsync("train", bench.Write(Workbench.Tiny with { Seed = 8 }), "--out", bench.Path("other"));

        var (one, other) = (TrainerProcess.Journal(bench.Path("one")), TrainerProcess.Journal(bench.Path("other")));
        Assert.NotEqual(LastWeights(one, CheckpointKind.Checkpoint), LastWeights(other, CheckpointKind.Checkpoint));
        Assert.Empty(one.OfType<PointsLogged>().Select(points => points.Values["loss"]).Intersect(other.OfType<PointsLogged>().Select(points => points.Values["loss"])));
    }

    [Theory]
    [InlineData(Damage.Torn)]
    [InlineData(Damage.Edited)]
    public async Task A_damaged_checkpoint_is_refused_and_the_one_before_it_used(Damage damage)
    {
        var run = bench.Write(Workbench.Tiny);
        var directory = bench.Path("run");
        await CompleteAsync("train", run, "--out", directory);
        var first = TrainerProcess.Journal(directory);
        var weights = LastWeights(first, CheckpointKind.Checkpoint);
        var last = System.IO.Path.Combine(directory, "checkpoints", "checkpoint-00000024.safetensors");
        var bytes = await File.ReadAllBytesAsync(last, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(last, damage == Damage.Torn ? bytes[..^100] : bytes, TestContext.Current.CancellationToken);

        var result = await TrainerProcess.RunAsync("train", run, "--out", directory, "--resume", "latest");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("checkpoint-00000024.safetensors is refused: its SHA-256", result.Errors, StringComparison.Ordinal);
        var journal = TrainerProcess.Journal(directory).Skip(first.Count).ToList();
        Assert.Contains(journal.OfType<LogWritten>(), log => log.Level == LogLevelName.Warning && log.Text.Contains("is refused", StringComparison.Ordinal));
        Assert.Equal(20, journal.OfType<AttemptStarted>().Single().FromStep);
        Assert.Equal(weights, LastWeights(journal, CheckpointKind.Checkpoint));
    }

    [Theory]
    [InlineData(Damage.Torn)]
    [InlineData(Damage.Edited)]
    public async Task A_damaged_checkpoint_that_a_server_chose_loses_the_attempt(Damage damage)
    {
        var directory = bench.Path("run");
        await CompleteAsync("train", bench.Write(Workbench.Tiny), "--out", directory);
        var saved = TrainerProcess.Journal(directory).OfType<CheckpointSaved>().Last(saved => saved.Type == CheckpointKind.Checkpoint);
        var file = System.IO.Path.Combine(directory, saved.File);
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, damage == Damage.Torn ? bytes[..^100] : bytes, TestContext.Current.CancellationToken);
        var second = bench.Write(new RunFile { Attempt = 2, Specification = Workbench.Tiny, Resume = new ResumePoint(24, file, saved.Sha256) }, "second.json");

        var result = await TrainerProcess.RunAsync("train", second, "--out", bench.Path("second"));

        Assert.Equal(3, result.ExitCode);
        var end = Assert.IsType<AttemptEnded>(Assert.Single(TrainerProcess.Journal(bench.Path("second"))));
        Assert.Equal(AttemptOutcome.Lost, end.Outcome);
        Assert.Contains("is refused: its SHA-256", end.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_of_another_configuration_that_a_server_chose_fails_the_attempt()
    {
        var directory = bench.Path("run");
        await CompleteAsync("train", bench.Write(Workbench.Tiny), "--out", directory);
        var saved = TrainerProcess.Journal(directory).OfType<CheckpointSaved>().Last(saved => saved.Type == CheckpointKind.Checkpoint);
        var other = new RunFile { Specification = Workbench.Tiny with { Seed = 8 }, Resume = new ResumePoint(24, System.IO.Path.Combine(directory, saved.File), saved.Sha256) };

        var result = await TrainerProcess.RunAsync("train", bench.Write(other), "--out", bench.Path("second"));

        Assert.Equal(3, result.ExitCode);
        var end = Assert.IsType<AttemptEnded>(Assert.Single(TrainerProcess.Journal(bench.Path("second"))));
        Assert.Equal(AttemptOutcome.Failed, end.Outcome);
        Assert.Contains("another configuration", end.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_of_another_configuration_is_not_used()
    {
        var directory = bench.Path("run");
        await CompleteAsync("train", bench.Write(Workbench.Tiny), "--out", directory);
        var other = bench.Write(Workbench.Tiny with { Seed = 8 }, "other.json");

        var result = await TrainerProcess.RunAsync("train", other, "--out", directory, "--resume", "latest");

        Assert.Contains("another configuration", result.Errors, StringComparison.Ordinal);
        Assert.Equal(0, TrainerProcess.Journal(directory).OfType<AttemptStarted>().Last().FromStep);
    }

    [Fact]
    public async Task A_checkpoint_half_written_when_killed_is_passed_over()
    {
        var run = bench.Write(Workbench.Tiny);
        var directory = bench.Path("run");
        await CompleteAsync("train", run, "--out", directory);
        var checkpoints = System.IO.Path.Combine(directory, "checkpoints");
        // Killed after the weights were renamed into place and before their sidecar was, and in the middle of the next.
        File.Delete(System.IO.Path.Combine(checkpoints, "checkpoint-00000024.json"));
        await File.WriteAllTextAsync(System.IO.Path.Combine(checkpoints, "checkpoint-00000030.safetensors.tmp"), "half", TestContext.Current.CancellationToken);

        var result = await TrainerProcess.RunAsync("train", run, "--out", directory, "--resume", "latest");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(20, TrainerProcess.Journal(directory).OfType<AttemptStarted>().Last().FromStep);
        Assert.Empty(Directory.EnumerateFiles(checkpoints, "*.tmp"));
    }

    public void Dispose() => bench.Dispose();

    private static async Task CompleteAsync(params string[] arguments)
    {
        var result = await TrainerProcess.RunAsync(arguments);
        Assert.True(result.ExitCode == 0, result.Errors);
    }

    /// <summary>All that was measured, wall time apart.</summary>
    private static List<string> Measured(IEnumerable<JournalEntry> journal, int after) =>
    [
        .. from points in journal.OfType<PointsLogged>()
           where points.Step > after
           from value in points.Values
           where !value.Key.StartsWith("throughput/", StringComparison.Ordinal)
           select $"{points.Step} {value.Key} {value.Value:R}",
    ];

    private static (int Step, string Sha256) LastWeights(IEnumerable<JournalEntry> journal, CheckpointKind type, int? lastStep = null)
    {
        var last = journal.OfType<CheckpointSaved>().Last(saved => saved.Type == type);
        Assert.Equal(lastStep ?? Workbench.Tiny.Training.Iterations, last.Step);
        return (last.Step, last.Sha256);
    }

    public enum Damage
    {
        Torn,
        Edited,
    }
}
