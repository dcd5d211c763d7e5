using CatchUp.Contracts.Runs;
using CatchUp.Dashboard.Runs;
using CatchUp.Tracking.Runs;

namespace CatchUp.Dashboard.Tests.Runs;

public sealed class RunWordsTests
{
    private static readonly RunSummary Run = new() { Name = "rates/1e-4", Project = "tests", State = RunState.Running, Step = 186, Steps = 300, Phase = "training", StepsPerSecond = 2, Remaining = TimeSpan.FromSeconds(57) };

    [Theory]
    [InlineData("rates", "1e-4")]
    [InlineData("rate", "rates/1e-4")]
    [InlineData("rates/1e-4", "rates/1e-4")]
    [InlineData(null, "rates/1e-4")]
    public void Name_within_its_sweep_leaves_the_sweeps_name_out(string? sweep, string expected) => Assert.Equal(expected, RunWords.NameWithin(Run, sweep));

    [Fact]
    public void Progress_says_what_is_left_while_it_trains_and_what_it_does_otherwise()
    {
        Assert.Equal("62 % · 57 s left", RunWords.ShortProgress(Run));
        Assert.Equal("evaluating", RunWords.ShortProgress(Run with { Phase = "evaluating" }));
        Assert.Equal("300 steps", RunWords.ShortProgress(Run with { State = RunState.Completed, Step = 300 }));
        Assert.Equal("62 %", RunWords.ShortProgress(Run with { State = RunState.Failed }));
    }

    [Fact]
    public void Share_of_a_run_without_steps_is_nothing() => Assert.Equal(0, RunWords.Share(Run with { Step = 5, Steps = 0 }));
}
