using CatchUp.Contracts.Journal;
using CatchUp.Worker.Trainers;

namespace CatchUp.Worker.Tests.Trainers;

public sealed class TrainerVerdictTests
{
    [Theory]
    [InlineData(134, AttemptOutcome.Lost, "The trainer crashed (aborted, exit 134). Last lines: boom")]
    [InlineData(137, AttemptOutcome.Lost, "The trainer was killed (SIGKILL, exit 137). Last lines: boom")]
    [InlineData(139, AttemptOutcome.Lost, "The trainer crashed (segmentation fault, exit 139). Last lines: boom")]
    [InlineData(3, AttemptOutcome.Failed, "The trainer failed and could not write why into its journal (exit 3). Last lines: boom")]
    [InlineData(77, AttemptOutcome.Failed, "The trainer left with the unexpected exit status 77. Last lines: boom")]
    [InlineData(2, AttemptOutcome.Failed, "boom")]
    public void Explain_names_the_way_it_ended(int exitCode, AttemptOutcome outcome, string cause)
    {
        var ended = TrainerVerdict.Explain(exitCode, ["boom"]);

        Assert.Equal((outcome, cause, exitCode), (ended.Outcome, ended.Cause, ended.ExitCode));
    }

    [Fact]
    public void Explain_a_crash_without_words_says_that_there_were_none()
    {
        Assert.Equal("The trainer crashed (segmentation fault, exit 139). It wrote nothing to standard error.", TrainerVerdict.Explain(139, []).Cause);
    }

    [Fact]
    public void Explain_cuts_a_flood_of_words()
    {
        Assert.InRange(TrainerVerdict.Explain(139, [new string('x', 100_000)]).Cause!.Length, 1, 2200);
    }

    [Theory]
    [InlineData("terminate called after throwing an instance of 'std::bad_alloc'")]
    [InlineData("CUDA out of memory. Tried to allocate 20 GiB.")]
    public void Explain_a_lack_of_memory_advises_a_smaller_batch(string line)
    {
        var ended = TrainerVerdict.Explain(134, [line]);

        Assert.Equal(AttemptOutcome.Failed, ended.Outcome);
        Assert.Contains("training.batchSize", ended.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_a_full_disk_advises_to_free_space()
    {
        Assert.Contains("Free space", TrainerVerdict.Explain(134, ["Unhandled exception. System.IO.IOException: No space left on device"]).Advice, StringComparison.Ordinal);
    }
}
