using CatchUp.Flow.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Evaluation;

public sealed class GeneratedFeaturesTests
{
    [Theory]
    [InlineData(1, 100)]
    [InlineData(7, 100)]
    [InlineData(100, 100)]
    [InlineData(33, 101)] // blocks of unequal size
    public void Statistics_and_blocks_do_not_depend_on_the_batches(int batch, int count)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(7);
        var all = randn(count, 3);
        using var features = new GeneratedFeatures(3, count, extrapolate: true);
        foreach (var part in all.split(batch))
        {
            features.Add(part);
        }

        using var expected = Gaussians.Statistics(all);
        using var statistics = features.Statistics();
        Assert.True(statistics.Covariance().allclose(expected.Covariance(), 1e-9, 1e-9));
        Assert.True(features.Kept().allclose(all, 0, 0));
        Assert.Equal(count, features.Blocks.Sum(block => block.Count));
        Assert.InRange(features.Blocks.Min(block => block.Count), count / 12, count / 12 + 1);
        Assert.InRange(features.Blocks.Max(block => block.Count), count / 12, count / 12 + 1);
        Assert.True(features.Blocks[0].Mean().allclose(all.narrow(0, 0, features.Blocks[0].Count).to(ScalarType.Float64).mean([0]), 1e-9, 1e-9));
    }

    [Fact]
    public void Memory_stops_growing_when_enough_is_kept()
    {
        using var scope = NewDisposeScope();
        using var features = new GeneratedFeatures(4, 5000, extrapolate: false, keepAtMost: 150);
        var first = randn(200, 4);
        features.Add(first);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 20; i++)
        {
            using var inner = NewDisposeScope();
            features.Add(randn(200, 4));
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(4200, features.Count);
        Assert.True(features.Kept().allclose(first.narrow(0, 0, 150), 0, 0));
    }

    [Fact]
    public void More_images_than_expected_are_refused()
    {
        using var scope = NewDisposeScope();
        using var features = new GeneratedFeatures(4, 10, extrapolate: false);

        features.Add(zeros(9, 4));
        Assert.Throws<ArgumentException>(() => features.Add(zeros(2, 4)));
    }
}
