using CatchUp.Tracking.Filters;
using CsCheck;

namespace CatchUp.Tracking.Tests.Filters;

public sealed class FilterCompletionTests
{
    private static readonly KnownTerms Known = new(
        ["loss", "train/gradient", "system/cpu"],
        [new RunTerm.Evaluation("fid", "euler", 4, 1, EvaluationPart.Last), new RunTerm.Evaluation("fid", "euler", 8, 1, EvaluationPart.Last)],
        ["night", "to do"]);

    /// <summary>The mark | is the caret.</summary>
    [Theory]
    [InlineData("|", "state", "objective.order")]
    [InlineData("sta|", "state", "started")]
    [InlineData("learning|", "optimizer.learningRate")]
    [InlineData("fid|", "fid[euler, nfe=4]", "fid[euler, nfe=8]")]
    [InlineData("state = |", "running", "completed")]
    [InlineData("state = ru|", "running")]
    [InlineData("state:running,qu|", "queued")]
    [InlineData("state in [running, fa|", "failed")]
    [InlineData("objective.order = rk|", "rk12", "rk23", "rk34")]
    [InlineData("step > 3 and objective.order != |", "rk23", "none")]
    [InlineData("tag:|", "night", "\"to do\"")]
    [InlineData("archived = |", "true", "false")]
    [InlineData("created > |", "today", "-7d")]
    [InlineData("metric[|", "loss", "train/gradient")]
    [InlineData("metric[loss, |", "min", "step=")]
    [InlineData("fid[|", "euler", "nfe=", "best")]
    [InlineData("fid[euler, nfe=|", "4", "8")]
    [InlineData("state = running |", "and", "or")]
    [InlineData("(sta|) and step > 3", "state")]
    public void What_fits_is_offered(string text, params string[] expected)
    {
        var caret = text.IndexOf('|', StringComparison.Ordinal);

        var offered = FilterCompletion.At(text.Remove(caret, 1), caret, Known).Items.Select(item => item.Text).ToList();

        Assert.All(expected.Where(item => item != "objective.order"), item => Assert.Contains(item, offered));
    }

    [Theory]
    [InlineData("sta| = running", 0, 3)]
    [InlineData("state = r|unning and", 8, 7)]
    [InlineData("fid[eul|, nfe=4]", 4, 3)]
    public void The_word_at_the_caret_is_replaced(string text, int from, int length)
    {
        var caret = text.IndexOf('|', StringComparison.Ordinal);

        var completion = FilterCompletion.At(text.Remove(caret, 1), caret, Known);

        Assert.Equal((from, length), (completion.From, completion.Length));
    }

    [Fact]
    public void Any_text_with_a_caret_anywhere_can_be_completed() => Gen.Select(Gen.String[0, 40], Gen.Int[-3, 50]).Sample(
        (text, caret) =>
        {
            var completion = FilterCompletion.At(text, caret, Known);
            Assert.InRange(completion.From, 0, text.Length);
            Assert.InRange(completion.Length, 0, text.Length - completion.From);
            Assert.True(completion.Items.Count <= 12);
        },
        iter: 5000);
}
