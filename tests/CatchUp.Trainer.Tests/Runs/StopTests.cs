using CatchUp.Contracts.Journal;

namespace CatchUp.Trainer.Tests.Runs;

public sealed class StopTests : IDisposable
{
    private readonly Workbench bench = new();

    [Fact]
    public async Task Cancel_ends_the_run_for_good()
    {
        using var trainer = await StartAsync("--supervised");
        await trainer.Input.WriteLineAsync("cancel");

        var result = await trainer.ExitAsync();

        Assert.Equal(0, result.ExitCode);
        var journal = TrainerProcess.Journal(bench.Path("out"));
        var end = Assert.IsType<AttemptEnded>(journal[^1]);
        Assert.Equal(AttemptOutcome.Cancelled, end.Outcome);
        Assert.Equal(journal.OfType<PointsLogged>().Last().Step, end.Step);
    }

    [Fact]
    public async Task End_of_standard_input_ends_the_trainer_without_a_last_word()
    {
        using var trainer = await StartAsync("--supervised");
        trainer.Input.Close();

        var result = await trainer.ExitAsync();

        Assert.Equal(4, result.ExitCode);
        Assert.Empty(TrainerProcess.Journal(bench.Path("out")).OfType<AttemptEnded>());
    }

    [Fact]
    public async Task Pause_is_carried_out_though_the_worker_goes_away_after_it()
    {
        using var trainer = await StartAsync("--supervised");
        await trainer.Input.WriteLineAsync("pause");
        trainer.Input.Close();

        Assert.Equal(0, (await trainer.ExitAsync()).ExitCode);
        Assert.Equal(AttemptOutcome.Paused, Assert.IsType<AttemptEnded>(TrainerProcess.Journal(bench.Path("out"))[^1]).Outcome);
    }

    [Fact]
    public async Task By_hand_the_end_of_standard_input_means_nothing_and_progress_is_told()
    {
        using var trainer = TrainerProcess.Start("train", bench.Write(Workbench.Tiny), "--out", bench.Path("out"));
        trainer.Input.Close();

        var result = await trainer.ExitAsync();

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(AttemptOutcome.Completed, Assert.IsType<AttemptEnded>(TrainerProcess.Journal(bench.Path("out"))[^1]).Outcome);
        Assert.Matches(@"step 24/24  100 %  loss \d+\.\d+  \d+\.\d+ steps/s  0:00:00 left", result.Output);
    }

    [Fact]
    public async Task Supervised_the_trainer_is_silent()
    {
        using var trainer = TrainerProcess.Start("train", bench.Write(Workbench.Tiny), "--out", bench.Path("out"), "--supervised");

        var result = await trainer.ExitAsync();

        Assert.Equal((0, "", ""), (result.ExitCode, result.Output.Trim(), result.Errors.Trim()));
    }

    [Fact]
    public async Task A_second_trainer_in_the_same_directory_is_refused()
    {
        using var trainer = await StartAsync();

        var second = await TrainerProcess.RunAsync("train", bench.Path("run.json"), "--out", bench.Path("out"), "--resume", "latest");

        Assert.Equal(2, second.ExitCode);
        Assert.Contains("Another trainer is working in", second.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_with_a_run_in_it_is_not_written_over()
    {
        var run = bench.Write(Workbench.Tiny);
        await TrainerProcess.RunAsync("train", run, "--out", bench.Path("out"));
        var before = TrainerProcess.Journal(bench.Path("out"));

        var second = await TrainerProcess.RunAsync("train", run, "--out", bench.Path("out"));

        Assert.Equal(2, second.ExitCode);
        Assert.Contains("--resume latest", second.Errors, StringComparison.Ordinal);
        Assert.Equal(before.Count, TrainerProcess.Journal(bench.Path("out")).Count);
    }

    public void Dispose() => bench.Dispose();

    private async Task<TrainerProcess> StartAsync(params string[] options)
    {
        var trainer = TrainerProcess.Start(["train", bench.Write(Workbench.Endless), "--out", bench.Path("out"), .. options]);
        await trainer.WaitForAsync(bench.Path("out"), entry => entry is PointsLogged { Step: >= 3 });
        return trainer;
    }
}
