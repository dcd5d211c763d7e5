using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Contracts.Tests.Journal;

public sealed class MetricLabelTests
{
    [Theory]
    [InlineData("inception-tf", 50_000, "fid")]
    [InlineData("inception-tf", 10_000, "fid (inception-tf, 10,000 samples)")]
    [InlineData("inception-pytorch", 50_000, "fid (inception-pytorch, 50,000 samples)")]
    [InlineData("fashion-mnist-cnn-2", 500, "fid (fashion-mnist-cnn-2, 500 samples)")]
    public void Metric_stands_alone_only_as_it_is_published(string extractor, int samples, string label) =>
        Assert.Equal(label, MetricLabel.Of("fid", extractor, samples));

    [Fact]
    public void Every_metric_knows_which_way_is_better() => Assert.Equal(
        ["precision", "recall", "inception-score"],
        SpecificationSchema.Find("evaluation.metrics")!.Choices.Where(MetricLabel.LargerIsBetter));
}
