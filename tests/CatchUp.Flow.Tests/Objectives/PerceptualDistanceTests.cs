using CatchUp.Flow.Objectives;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Objectives;

public sealed class PerceptualDistanceTests
{
    [Fact]
    public void Unrelated_images_are_two_apart_whatever_the_scale_of_the_features()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        var (images, others) = (randn(20_000, 1, 2, 2), randn(20_000, 1, 2, 2));

        foreach (var scale in new[] { 1.0, 30 })
        {
            var distance = new PerceptualDistance(batch => batch.flatten(1) * scale, spread: 4 * scale * scale);
            Assert.Equal(2, distance.Between(images, others).item<float>(), 0.05);
            Assert.Equal(0, distance.Between(images, images).item<float>());
        }
    }
}
