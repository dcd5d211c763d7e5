using CatchUp.Tracking.Reports;
using CsCheck;

namespace CatchUp.Tracking.Tests.Reports;

public sealed class ReportBlockReaderTests
{
    [Fact]
    public void A_chart_is_read_with_all_its_keys()
    {
        var reading = ReportBlockReader.Read(ReportBlockKind.Chart, "title: 'Loss: of all'\nruns: [3, 1, 3]\nmetric: loss\nlog: true\nsmoothing: 25\nfrom: 100\nto: 400", 10);

        Assert.Empty(reading.Problems);
        var block = reading.Block!;
        Assert.Equal(("Loss: of all", "loss", true, 25, 100L, 400L, ReportAxis.Step), (block.Title, block.Metric, block.Log, block.Smoothing, block.From, block.To, block.Over));
        Assert.Equal([3, 1], block.Runs);
    }

    [Fact]
    public void A_filter_and_columns_are_written_bare_with_their_brackets_and_commas()
    {
        var reading = ReportBlockReader.Read(ReportBlockKind.Table, "filter: objective.order = rk23 and fid[euler, nfe=4] < 20 and tag:night\ncolumns: name, objective.order, fid[euler, nfe=4]\nsort: -fid[nfe=4]\nlimit: 20", 1);

        Assert.Empty(reading.Problems);
        Assert.Equal("objective.order = rk23 and fid[euler, nfe=4] < 20 and tag:night", reading.Block!.Filter);
        Assert.Equal(["name", "objective.order", "fid[euler, nfe=4]"], reading.Block.Columns);
        Assert.Equal(("-fid[nfe=4]", 20), (reading.Block.Sort, reading.Block.Most));
    }

    [Theory]
    [InlineData(ReportBlockKind.Chart, "run: [1]\nmetric: loss", 10, "Unknown key 'run'. Did you mean runs?", "runs")]
    [InlineData(ReportBlockKind.Chart, "runs: [1]\nmetric: loss\nnfe: [1]", 12, "nfe is a key of a matrix, and this is a chart.", null)]
    [InlineData(ReportBlockKind.Chart, "runs: [1]", 10, "The chart has no metric. Add metric: and a name, as in metric: loss.", null)]
    [InlineData(ReportBlockKind.Chart, "metric: loss", 10, "The chart names no runs.", null)]
    [InlineData(ReportBlockKind.Chart, "runs: [1]\nfilter: x\nmetric: loss", 11, "Keep one of the two.", null)]
    [InlineData(ReportBlockKind.Chart, "runs: [1]\nmetric: fid\nover: nfee", 12, "over is step or nfe, not 'nfee'. Did you mean nfe?", "nfe")]
    [InlineData(ReportBlockKind.Chart, "runs: [1]\nmetric: fid\nover: nfe\nsmoothing: 5", 13, "this chart is over NFE", null)]
    [InlineData(ReportBlockKind.Chart, "runs: [1]\nmetric: loss\nsolver: euler", 12, "Add over: nfe, or remove it.", null)]
    [InlineData(ReportBlockKind.Chart, "runs: [1]\nmetric: loss\nlog: maybe", 12, "log is true or false.", null)]
    [InlineData(ReportBlockKind.Chart, "runs: [1]\nmetric: loss\nfrom: 5\nto: 5", 12, "from 5 is not before to 5.", null)]
    [InlineData(ReportBlockKind.Chart, "runs: [one]\nmetric: loss", 10, "'one' is no id of a run.", null)]
    [InlineData(ReportBlockKind.Chart, "runs: [1]\nmetric: [a, b]", 11, "metric is one text", null)]
    [InlineData(ReportBlockKind.Chart, "runs: [1]\nruns: [2]\nmetric: loss", 11, "is here twice", null)]
    [InlineData(ReportBlockKind.Chart, "runs: [1\nmetric: loss", 10, "This is not YAML", null)]
    [InlineData(ReportBlockKind.Chart, "", 10, "A chart has keys, a line each.", null)]
    [InlineData(ReportBlockKind.Matrix, "runs: [1]\nzoom: 9", 11, "zoom is a whole number between 1 and 8.", null)]
    [InlineData(ReportBlockKind.Matrix, "runs: [1]\nnfe: [1, 2, 3, 4, 5, 6, 7, 8, 9]", 11, "A matrix has 8 columns at most, and these are 9.", null)]
    [InlineData(ReportBlockKind.Matrix, "runs: [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]", 10, "A matrix shows 16 runs at most, and these are 17.", null)]
    [InlineData(ReportBlockKind.Table, "filter: fidd[nfe=4] < 20", 10, "The filter, at character 1:", null)]
    [InlineData(ReportBlockKind.Table, "runs: [1]\ncolumns: name, objectiv.order", 11, "The column 'objectiv.order'", null)]
    [InlineData(ReportBlockKind.Table, "runs: [1]\nfrozen: abc", 11, "64 hexadecimal digits", null)]
    [InlineData(ReportBlockKind.Table, "runs: &a [1]", 10, "not used in a block", null)]
    public void A_mistake_is_told_with_its_line_and_the_fix(ReportBlockKind kind, string text, int line, string message, string? suggestion)
    {
        var reading = ReportBlockReader.Read(kind, text, 10);

        Assert.Null(reading.Block);
        var problem = reading.Problems[0];
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal(line, problem.Line);
        if (suggestion is not null)
        {
            Assert.Equal(suggestion, problem.Suggestion);
        }
    }

    [Fact]
    public void No_text_makes_the_reader_fail() => Gen.Select(Gen.Enum<ReportBlockKind>(), Gen.OneOf(Gen.String, Gen.String["runs:[]{}, \n12afilternemtcxy-'\"#&*!|>%@`"])).Sample((kind, text) =>
    {
        var reading = ReportBlockReader.Read(kind, text, 1);
        Assert.True(reading.Block is null == reading.Problems.Count > 0);
        Assert.All(reading.Problems, problem => Assert.True(problem.Line >= 1 && problem.Column >= 1));
    }, iter: 2000);
}
