using CatchUp.Flow.Evaluation;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Evaluation;

public sealed class FrechetDistanceTests
{
    [Fact]
    public void Axis_parallel_Gaussians_have_the_sum_of_squared_differences()
    {
        using var scope = NewDisposeScope();
        using var first = Gaussians.Statistics(Gaussians.Features([0, 1, 2], new double[,] { { 4, 0, 0 }, { 0, 9, 0 }, { 0, 0, 1 } }));
        using var second = Gaussians.Statistics(Gaussians.Features([3, 1, 0], new double[,] { { 1, 0, 0 }, { 0, 25, 0 }, { 0, 0, 1 } }, seed: 2));

        // means 3² + 2², deviations (2 − 1)² + (3 − 5)²
        Assert.Equal(13 + 5, FrechetDistance.Between(first, second), 1e-9);
    }

    [Fact]
    public void Gaussians_that_lie_askew_have_the_closed_form_of_two_dimensions()
    {
        using var scope = NewDisposeScope();
        using var first = Gaussians.Statistics(Gaussians.Features([0, 0], new double[,] { { 2, 1.2 }, { 1.2, 1 } }));
        using var second = Gaussians.Statistics(Gaussians.Features([0, 0], new double[,] { { 1, -0.5 }, { -0.5, 3 } }, seed: 2));

        // tr((Σ₁Σ₂)^½) = √(tr(Σ₁Σ₂) + 2√det(Σ₁Σ₂)) in two dimensions.
        const double trace = 2 * 1 + 2 * 1.2 * -0.5 + 1 * 3;
        const double determinant = (2 - 1.2 * 1.2) * (3 - 0.25);
        var expected = 3 + 4 - 2 * Math.Sqrt(trace + 2 * Math.Sqrt(determinant));
        Assert.Equal(expected, FrechetDistance.Between(first, second), 1e-9);
        Assert.Equal(expected, FrechetDistance.Between(second, first), 1e-9);
    }

    [Theory]
    [InlineData(500, 64)]
    [InlineData(20, 64)] // fewer samples than dimensions: no full rank
    public void Distance_to_itself_is_zero_and_to_another_is_not(int samples, int dimensions)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        var features = randn(samples, dimensions);
        using var statistics = Gaussians.Statistics(features);
        using var other = Gaussians.Statistics(features * 1.1);

        Assert.Equal(0, FrechetDistance.Between(statistics, statistics), 1e-5);
        Assert.True(FrechetDistance.Between(statistics, other) > 0.1);
    }

    [Fact]
    public void Covariance_without_full_rank_gives_the_same_on_either_side_and_counts_its_own_directions()
    {
        using var scope = NewDisposeScope();

        // The first lies on a line: deviation 2 along x, 0 along y.
        using var line = Gaussians.Statistics(tensor(new[,] { { -Math.Sqrt(2), 0 }, { Math.Sqrt(2), 0 } }));
        using var disc = Gaussians.Statistics(Gaussians.Features([0, 0], new double[,] { { 1, 0 }, { 0, 9 } }));

        Assert.Equal(1 + 9, FrechetDistance.Between(line, disc), 1e-6);
        Assert.Equal(1 + 9, FrechetDistance.Between(disc, line), 1e-6);
    }

    [Theory]
    [InlineData(1024, false)]
    [InlineData(384, true)] // neither covariance has full rank
    public void Large_covariances_that_share_their_axes_have_the_closed_form(int dimensions, bool deficient)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(8);
        var (axes, _) = linalg.qr(randn(dimensions, dimensions, dtype: ScalarType.Float64));
        var (a, b) = (rand(dimensions, dtype: ScalarType.Float64) * 3, rand(dimensions, dtype: ScalarType.Float64) * 0.5);
        if (deficient)
        {
            a.narrow(0, 0, 40).fill_(0);
            b.narrow(0, 20, 50).fill_(0);
        }

        using var first = FeatureStatistics.FromMoments(zeros(dimensions), (axes * a).mm(axes.t()), 5000);
        using var second = FeatureStatistics.FromMoments(full([dimensions], 0.1, dtype: ScalarType.Float64), (axes * b).mm(axes.t()), 5000);

        var expected = 0.01 * dimensions + (a.sqrt() - b.sqrt()).square().sum().item<double>();
        Assert.Equal(expected, FrechetDistance.Between(first, second), 1e-6 * expected);
    }

    [Fact]
    public void Feature_that_is_not_finite_makes_the_distance_no_number()
    {
        using var scope = NewDisposeScope();
        using var good = Gaussians.Statistics(randn(10, 3));
        using var bad = Gaussians.Statistics(cat([randn(9, 3), full([1, 3], double.NaN, dtype: ScalarType.Float32)]));

        Assert.True(double.IsNaN(FrechetDistance.Between(good, bad)));
        Assert.True(double.IsNaN(FrechetDistance.Between(bad, good)));
    }

    [Fact]
    public void Statistics_of_other_dimensions_are_refused()
    {
        using var two = new FeatureStatistics(2);
        using var three = new FeatureStatistics(3);

        Assert.Throws<ArgumentException>(() => FrechetDistance.Between(two, three));
    }
}
