using CatchUp.Dashboard.Reports;
using CatchUp.Tracking.Reports;

namespace CatchUp.Dashboard.Tests.Reports;

public sealed class BlockDraftTests
{
    [Theory]
    [InlineData("loss", "it's: a # title", "tag:'night' and fid[nfe=4] < 20")]
    [InlineData("a b: c", "true", "name ~ \"x\"")]
    [InlineData("123", "[x]", "tag:night")]
    public void What_is_inserted_reads_back_as_it_was_meant(string metric, string title, string filter)
    {
        var block = Assert.Single(ReportDocument.Parse(BlockDraft.Text(ReportBlockKind.Chart, [], filter, metric, ReportAxis.Nfe, title)).Blocks);

        Assert.Empty(block.Reading.Problems);
        Assert.Equal((metric, title, filter, ReportAxis.Nfe), (block.Reading.Block!.Metric, block.Reading.Block.Title, block.Reading.Block.Filter, block.Reading.Block.Over));
    }

    [Theory]
    [InlineData(ReportBlockKind.Matrix)]
    [InlineData(ReportBlockKind.Table)]
    public void Every_kind_can_be_inserted(ReportBlockKind kind)
    {
        var block = Assert.Single(ReportDocument.Parse(BlockDraft.Text(kind, [3, 4], null)).Blocks);

        Assert.Equal([3, 4], block.Reading.Block!.Runs);
    }
}
