using CatchUp.Worker.Machine;

namespace CatchUp.Worker.Tests.Machine;

public sealed class TrainerSourceTests : IDisposable
{
    private readonly TestFolder folder = new();

    [Fact]
    public void Sources_are_those_that_the_build_wrote_beside_the_trainer()
    {
        Assert.Equal(new TrainerSource(), Read());
        File.WriteAllText(folder.Of("source.json"), """{ "commit": "0123456789012345678901234567890123456789", "changed": true, "patchSha256": "ab", "patchBytes": 12 }""");
        Assert.Equal(new TrainerSource("0123456789012345678901234567890123456789", "ab"), Read());
    }

    [Theory]
    [InlineData("{ }")]
    [InlineData("{ torn")]
    [InlineData("null")]
    public void Record_that_says_nothing_is_no_reason_to_fail(string record)
    {
        File.WriteAllText(folder.Of("source.json"), record);

        Assert.Equal(new TrainerSource(), Read());
    }

    public void Dispose() => folder.Dispose();

    private TrainerSource Read() => TrainerSource.Read(new WorkerOptions { Trainer = folder.Of("trainer.dll") });
}
