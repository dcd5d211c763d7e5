using CatchUp.Flow.Evaluation;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Evaluation;

public sealed class ManifoldOverlapTests
{
    [Theory]
    [InlineData(40, 40, 3)]
    [InlineData(1100, 60, 2)] // more rows than one block
    public void Shares_are_those_counted_by_hand(int real, int generated, int neighbours)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(5);
        var (x, y) = (randn(real, 4) + 50, randn(generated, 4) * 1.3 + 50.5);

        var overlap = ManifoldOverlap.Between(x, y, neighbours);

        var (a, b) = (Rows(x), Rows(y));
        Assert.Equal(Share(b, a, neighbours), overlap.Precision, 1e-12);
        Assert.Equal(Share(a, b, neighbours), overlap.Recall, 1e-12);
        Assert.InRange(overlap.Precision, 0.05, 0.999);
    }

    [Fact]
    public void Samples_of_one_place_are_precise_and_recall_little()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(5);
        var real = randn(500, 3);

        var narrow = ManifoldOverlap.Between(real, randn(500, 3) * 0.05);
        var wide = ManifoldOverlap.Between(real, randn(500, 3) * 20);
        var same = ManifoldOverlap.Between(real, real);

        Assert.Equal(1, narrow.Precision, 1e-9);
        Assert.True(narrow.Recall < 0.05);
        Assert.True(wide.Precision < 0.1);
        Assert.True(wide.Recall > 0.9);
        Assert.Equal((1, 1), (same.Precision, same.Recall));
    }

    [Fact]
    public void Copies_are_neighbours_of_each_other()
    {
        using var scope = NewDisposeScope();

        // Each place twice: with k = 1 the balls have no size, and hold exactly the copies.
        var places = tensor(new float[,] { { 0, 0 }, { 0, 0 }, { 3, 0 }, { 3, 0 } });
        var overlap = ManifoldOverlap.Between(places, tensor(new float[,] { { 0, 0 }, { 3.001f, 0 }, { 9, 9 } }), neighbours: 1);

        Assert.Equal(1.0 / 3, overlap.Precision, 1e-12);
    }

    [Fact]
    public void Feature_that_is_not_finite_makes_both_shares_no_number()
    {
        using var scope = NewDisposeScope();

        var overlap = ManifoldOverlap.Between(randn(20, 3), cat([randn(19, 3), full([1, 3], double.NaN, dtype: ScalarType.Float32)]));

        Assert.True(double.IsNaN(overlap.Precision) && double.IsNaN(overlap.Recall));
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        using var scope = NewDisposeScope();

        Assert.Throws<ArgumentException>(() => ManifoldOverlap.Between(zeros(9, 2), zeros(9, 3)));
        Assert.Throws<ArgumentException>(() => ManifoldOverlap.Between(zeros(9, 2), zeros(3, 2)));
    }

    private static double[][] Rows(Tensor x) => [.. x.to(ScalarType.Float64).data<double>().ToArray().Chunk((int)x.shape[1])];

    private static double Share(double[][] points, double[][] centres, int neighbours)
    {
        var radii = centres.Select((centre, i) => centres.Where((_, j) => j != i).Select(other => Distance(centre, other)).Order().ElementAt(neighbours - 1)).ToArray();
        return points.Count(point => centres.Zip(radii).Any(ball => Distance(point, ball.First) <= ball.Second)) / (double)points.Length;
    }

    private static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (p, q) => (p - q) * (p - q)).Sum());
}
