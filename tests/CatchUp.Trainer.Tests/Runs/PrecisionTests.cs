using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Trainer.Tests.Runs;

public sealed class PrecisionTests : IDisposable
{
    private readonly Workbench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Bf16_trains_on_a_CPU_with_a_warning_and_is_another_configuration()
    {
        var single = Workbench.Tiny with { Training = Workbench.Tiny.Training with { Iterations = 6 } };
        var half = single with { Training = single.Training with { Precision = TrainingPrecision.Bf16 } };
        await CompleteAsync(single, "single");
        await CompleteAsync(half, "half");

        var (expected, journal) = (TrainerProcess.Journal(bench.Path("single")), TrainerProcess.Journal(bench.Path("half")));
        Assert.Contains(journal.OfType<LogWritten>(), log => log.Level == LogLevelName.Warning && log.Text.Contains("training.precision is bf16", StringComparison.Ordinal));
        Assert.Empty(expected.OfType<LogWritten>());
        var (losses, halfLosses) = (Losses(expected), Losses(journal));
        Assert.NotEqual(losses, halfLosses);
        Assert.All(losses.Zip(halfLosses), pair => Assert.Equal(1, pair.Second / pair.First, 0.02));

        var resumed = await TrainerProcess.RunAsync("train", bench.Write(half, "half.json"), "--out", bench.Path("single"), "--resume", "latest");
        Assert.Contains("another configuration", resumed.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attempt_records_device_threads_and_TF32()
    {
        await CompleteAsync(Workbench.Tiny with { Training = Workbench.Tiny.Training with { Iterations = 1 } }, "run");

        var environment = TrainerProcess.Journal(bench.Path("run")).OfType<AttemptStarted>().Single().Environment;

        Assert.Equal(("cpu", "1", "off"), (environment["device"], environment["threads"], environment["tf32"]));
    }

    private async Task CompleteAsync(RunSpecification specification, string directory)
    {
        var result = await TrainerProcess.RunAsync("train", bench.Write(specification, $"{directory}.json"), "--out", bench.Path(directory));
        Assert.True(result.ExitCode == 0, result.Errors);
    }

    private static List<double> Losses(IReadOnlyList<JournalEntry> journal) => [.. journal.OfType<PointsLogged>().Where(points => points.Values.ContainsKey("loss")).Select(points => points.Values["loss"])];
}
