using CatchUp.Contracts.Specifications;

namespace CatchUp.Contracts.Tests.Specifications;

public sealed class KnownExtractorTests
{
    [Theory]
    [InlineData("fashion-mnist-cnn-2", 28, 1, true)]
    [InlineData("fashion-mnist-cnn-2", 32, 1, false)]
    [InlineData("fashion-mnist-cnn-2", 28, 3, false)]
    [InlineData("inception-tf", 1, 1, true)]
    [InlineData("inception-tf", 64, 3, true)]
    [InlineData("inception-pytorch", 32, 4, false)]
    public void Extractors_take_images_they_can_measure(string name, int side, int channels, bool takes) =>
        Assert.Equal(takes, KnownExtractor.Find(name)!.Takes(side, channels));
}
