using CatchUp.Tracking.Launching;

namespace CatchUp.Tracking.Tests.Launching;

public sealed class SweepCompletionTests
{
    /// <summary>The caret is where the bar is.</summary>
    [Theory]
    [InlineData("", "ba|", "base:")]
    [InlineData("base:", "  pre|", "preset: ")]
    [InlineData("base:", "  preset: fash|", "fashion-tiny")]
    [InlineData("base:\n  training:", "    batch|", "batchSize: ")]
    [InlineData("", "base: { training: { batch|", "batchSize: ")]
    [InlineData("", "search: { method: t|", "tpe")]
    [InlineData("search:\n  stopping:", "    red|", "reduction: ")]
    [InlineData("space:", "  optimizer.learn|", "optimizer.learningRate: ")]
    [InlineData("space:", "  objective.order: [rk12, rk2|", "rk23")]
    [InlineData("space:", "  optimizer.learningRate: { logU|", "logUniform: ")]
    [InlineData("evaluation:", "  solvers: [eul|", "euler")]
    [InlineData("variants:", "  - { na|", "name: ")]
    [InlineData("variants:", "  - init|", "initialRun:")]
    [InlineData("constraints:", "  - training.batch|", "training.batchSize")]
    [InlineData("schedule:\n  restarts:", "    onLog: [{ act|", "action: ")]
    [InlineData("schedule:\n  requires:", "    device: cu|", "cuda")]
    public void First_completion_is_what_was_begun(string above, string line, string expected)
    {
        var column = line.IndexOf('|', StringComparison.Ordinal);

        var found = SweepCompletion.At(above.Length == 0 ? [] : above.Split('\n'), line.Remove(column, 1), column);

        Assert.Equal(expected, found.Items[0].Insert);
        Assert.Equal(line[found.From..column], line[..column][^(column - found.From)..]);
    }

    [Theory]
    [InlineData("base:\n  training:", "    batchSize: 64|", "Images per update", "1 to 65,536", "64")]
    [InlineData("", "repl|icates: 3", "differ in their seeds")]
    [InlineData("search:", "  tri|als: 5", "Configurations to try")]
    public void Key_at_the_caret_is_explained_with_its_limits(string above, string line, params string[] words)
    {
        var column = line.IndexOf('|', StringComparison.Ordinal);

        var found = SweepCompletion.At(above.Length == 0 ? [] : above.Split('\n'), line.Remove(column, 1), column);

        Assert.All(words, word => Assert.Contains(word, found.Help, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("# a comment about tr|")]
    [InlineData("name: anything|")]
    [InlineData("}}]] : : {[|")]
    [InlineData("- - - |")]
    public void Nothing_is_offered_where_nothing_is_known(string line)
    {
        var column = line.IndexOf('|', StringComparison.Ordinal);

        Assert.Empty(SweepCompletion.At(["strange:", "  stranger:"], line.Remove(column, 1), column).Items);
    }
}
