using CatchUp.Flow.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Evaluation;

/// <summary>On Gaussians whose distance is known in closed form: Σ (μ − 0)² + (σ − 1)² over the dimensions.</summary>
public sealed class FrechetExtrapolationTests : IDisposable
{
    private const int Dimensions = 8, Samples = 480;

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly FeatureStatistics reference = FeatureStatistics.FromMoments(zeros(Dimensions), eye(Dimensions), 1000);
    private readonly Tensor mean = linspace(0, 0.5, Dimensions, dtype: ScalarType.Float64);
    private readonly Tensor deviation = linspace(0.8, 1.4, Dimensions, dtype: ScalarType.Float64);

    private double Exact => (mean.square().sum() + (deviation - 1).square().sum()).item<double>();

    [Fact]
    public void Extrapolation_takes_the_bias_of_few_samples_away()
    {
        var (finite, extrapolated) = (new List<double>(), new List<double>());
        for (var seed = 1; seed <= 60; seed++)
        {
            using var features = Draw(seed);
            finite.Add(FrechetDistance.Between(features.Statistics(), reference) - Exact);
            extrapolated.Add(FrechetExtrapolation.Of(features.Blocks, reference) - Exact);
        }

        var (bias, left) = (finite.Average(), extrapolated.Average());
        TestContext.Current.TestOutputHelper!.WriteLine($"exact {Exact}, bias {bias}, after extrapolation {left} ± {Deviation(extrapolated) / Math.Sqrt(60)}");
        Assert.True(bias > 0.02);
        Assert.InRange(left, -0.2 * bias, 0.2 * bias);
    }

    [Fact]
    public void Interval_around_the_extrapolated_distance_holds_the_exact_one_as_often_as_it_says()
    {
        var held = 0;
        const int trials = 60;
        for (var seed = 1; seed <= trials; seed++)
        {
            using var inner = NewDisposeScope();
            using var features = Draw(seed);
            var value = FrechetExtrapolation.Of(features.Blocks, reference);
            var (low, high) = BootstrapInterval.OfFrechetDistance(value, features.Kept(), reference);
            held += Exact >= low && Exact <= high ? 1 : 0;
        }

        // 95 %: 57 of 60, give or take two standard deviations of 1.7.
        TestContext.Current.TestOutputHelper!.WriteLine($"{held} of {trials}");
        Assert.InRange(held, 53, trials);
    }

    [Fact]
    public void Line_is_followed_to_where_it_crosses_the_axis()
    {
        // Every block the same: merged parts have the same mean and all but the same covariance, so the line is flat.
        var blocks = Enumerable.Range(0, FrechetExtrapolation.Blocks).Select(_ => FeatureStatistics.FromMoments(ones(2), eye(2) * 4, 1_000_000)).ToList();
        using var two = FeatureStatistics.FromMoments(zeros(2), eye(2), 1000);

        Assert.Equal(2 + 2, FrechetExtrapolation.Of(blocks, two), 1e-5);
        Assert.Throws<ArgumentOutOfRangeException>(() => FrechetExtrapolation.Of([.. blocks.Skip(1)], two));
        blocks.ForEach(block => block.Dispose());
    }

    public void Dispose()
    {
        reference.Dispose();
        scope.Dispose();
    }

    private GeneratedFeatures Draw(int seed)
    {
        using var inner = NewDisposeScope();
        random.manual_seed(seed);
        var features = new GeneratedFeatures(Dimensions, Samples, extrapolate: true);
        features.Add(randn(Samples, Dimensions, dtype: ScalarType.Float64) * deviation + mean);
        return features;
    }

    private static double Deviation(List<double> values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }
}
