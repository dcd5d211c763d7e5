using CatchUp.Flow.Evaluation;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Evaluation;

public sealed class KernelDistanceTests
{
    [Theory]
    [InlineData(5, 4)]
    [InlineData(1100, 3)] // more rows than one block
    public void Distance_is_the_sum_over_pairs_without_a_sample_and_itself(int m, int n)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(4);
        var (x, y) = (randn(m, 3, dtype: ScalarType.Float64), randn(n, 3, dtype: ScalarType.Float64) + 0.5);

        var actual = KernelDistance.Between(x, y);

        var (a, b) = (Rows(x), Rows(y));
        var expected = Mean(a, a, true) + Mean(b, b, true) - 2 * Mean(a, b, false);
        Assert.Equal(expected, actual, 1e-9);
    }

    [Fact]
    public void Equal_distributions_are_around_zero_and_unlike_ones_are_not()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(4);
        var x = randn(1500, 8);

        Assert.InRange(KernelDistance.Between(x, randn(1500, 8)), -0.01, 0.01);
        Assert.True(KernelDistance.Between(x, randn(1500, 8) + 0.5) > 0.1);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        using var scope = NewDisposeScope();

        Assert.Throws<ArgumentException>(() => KernelDistance.Between(zeros(3, 2), zeros(3, 3)));
        Assert.Throws<ArgumentException>(() => KernelDistance.Between(zeros(1, 2), zeros(3, 2)));
    }

    private static double[][] Rows(Tensor x) => [.. x.data<double>().ToArray().Chunk((int)x.shape[1])];

    private static double Mean(double[][] a, double[][] b, bool same)
    {
        double sum = 0;
        long pairs = 0;
        for (var i = 0; i < a.Length; i++)
        {
            for (var j = 0; j < b.Length; j++)
            {
                if (!same || i != j)
                {
                    sum += Math.Pow(a[i].Zip(b[j], (p, q) => p * q).Sum() / a[i].Length + 1, 3);
                    pairs++;
                }
            }
        }

        return sum / pairs;
    }
}
