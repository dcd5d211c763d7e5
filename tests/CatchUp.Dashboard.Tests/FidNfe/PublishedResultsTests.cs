using CatchUp.Contracts.Specifications;
using CatchUp.Dashboard.Charts;
using CatchUp.Dashboard.FidNfe;
using CatchUp.Tracking.Evaluations;

namespace CatchUp.Dashboard.Tests.FidNfe;

public sealed class PublishedResultsTests
{
    private static readonly DataSpecification Cifar = new() { Dataset = "cifar10" };

    private static readonly Evaluation AsPublished = Measured.Of(1, 15, 3) with { Extractor = "inception-tf", Samples = 50_000, Reference = "cifar10 train" };

    [Fact]
    public void Published_numbers_stand_beside_numbers_of_their_own_protocol()
    {
        var results = PublishedResults.ComparableWith(ProtocolOf(AsPublished), [Cifar]);

        Assert.Equal([(15, 2.80), (1, 3.37)], results.Select(result => (result.Nfe, result.Value)));
        Assert.All(results, result => Assert.Contains("2305.10769", result.Source, StringComparison.Ordinal));
        Assert.Empty(PublishedResults.WhyNone(ProtocolOf(AsPublished), [Cifar]));
    }

    [Theory]
    [InlineData("measured by inception-tf")]
    [InlineData("over 50,000 images; these over 10,000")]
    [InlineData("learn from fashion-mnist")]
    [InlineData("change the size")]
    [InlineData("here KID is drawn")]
    [InlineData("these with my images")]
    [InlineData("these of none")]
    public void Any_difference_keeps_them_out_and_is_told(string reason)
    {
        var (number, data) = reason switch
        {
            "measured by inception-tf" => (AsPublished with { Extractor = "inception-pytorch" }, Cifar),
            "over 50,000 images; these over 10,000" => (AsPublished with { Samples = 10_000 }, Cifar),
            "learn from fashion-mnist" => (AsPublished, new DataSpecification { Dataset = "fashion-mnist" }),
            "change the size" => (AsPublished, Cifar with { Side = 16 }),
            "here KID is drawn" => (AsPublished with { Metric = "kid" }, Cifar),
            "these with my images" => (AsPublished with { Reference = "my images" }, Cifar),
            _ => (AsPublished with { Quantisation = "none" }, Cifar),
        };

        Assert.Empty(PublishedResults.ComparableWith(ProtocolOf(number), [data]));
        Assert.Contains(reason, Assert.Single(PublishedResults.WhyNone(ProtocolOf(number), [data])), StringComparison.Ordinal);
    }

    [Fact]
    public void One_run_on_other_data_keeps_them_out() => Assert.Empty(PublishedResults.ComparableWith(ProtocolOf(AsPublished), [Cifar, new DataSpecification()]));

    private static FidProtocol ProtocolOf(Evaluation evaluation) => FidLines.Protocols([evaluation])[0];
}
