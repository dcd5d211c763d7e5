using CatchUp.Flow.Evaluation;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Evaluation;

public sealed class BootstrapIntervalTests
{
    [Fact]
    public void Interval_holds_the_closed_form_of_Gaussians_as_often_as_it_says()
    {
        using var scope = NewDisposeScope();
        using var reference = FeatureStatistics.FromMoments(zeros(2), eye(2), 1000);
        const double exact = 1 + 0.25; // mean 1 in one direction, deviation 1.5 in the other
        const int trials = 100;
        var held = 0;
        for (var seed = 1; seed <= trials; seed++)
        {
            using var inner = NewDisposeScope();
            random.manual_seed(seed);
            var features = randn(1000, 2, dtype: ScalarType.Float64) * tensor(new[] { 1, 1.5 }) + tensor(new[] { 1.0, 0 });
            using var statistics = Gaussians.Statistics(features);
            var (low, high) = BootstrapInterval.OfFrechetDistance(FrechetDistance.Between(statistics, reference), features, reference);
            held += exact >= low && exact <= high ? 1 : 0;
        }

        // 95 of 100, give or take two standard deviations of 2.2.
        TestContext.Current.TestOutputHelper!.WriteLine($"{held} of {trials}");
        Assert.InRange(held, 90, 99);
    }

    [Fact]
    public void Part_of_the_features_gives_the_width_of_all()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        using var reference = FeatureStatistics.FromMoments(zeros(3), eye(3), 1000);
        var features = randn(8000, 3) + 0.4;

        var whole = BootstrapInterval.OfFrechetDistance(5, features, reference, resamples: 200);
        var part = BootstrapInterval.OfFrechetDistance(5, features.narrow(0, 0, 2000), reference, samples: 8000, resamples: 200);

        Assert.Equal(1, (part.High - part.Low) / (whole.High - whole.Low), 0.2);
    }

    [Fact]
    public void Same_features_give_the_same_interval()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        using var reference = FeatureStatistics.FromMoments(zeros(3), eye(3), 1000);
        var features = randn(50, 3);

        Assert.Equal(BootstrapInterval.OfFrechetDistance(1, features, reference), BootstrapInterval.OfFrechetDistance(1, features, reference));
    }
}
