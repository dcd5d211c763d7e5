using CatchUp.Flow.Evaluation;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Evaluation;

public sealed class NearestNeighboursTests
{
    [Theory]
    [InlineData(60, 300, 5)]
    [InlineData(7, 9000, 3)] // more candidates than two blocks
    public void Neighbours_are_those_found_by_brute_force(int queries, int candidates, int dimensions)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(11);
        var (x, y) = ((randn(queries, dimensions) * 2) + 300, randn(candidates, dimensions) + 300); // far from 0, where products lose digits

        var nearest = NearestNeighbours.Of(x, y);

        var (a, b) = (Rows(x), Rows(y));
        for (var query = 0; query < queries; query++)
        {
            var distances = b.Select(candidate => Distance(a[query], candidate)).ToList();
            Assert.Equal(distances.IndexOf(distances.Min()), nearest.Indices[query]);
            Assert.Equal(distances.Min(), nearest.Distances[query], 1e-9);
        }

        Assert.True(nearest.Indices.Distinct().Count() > 3);
    }

    [Fact]
    public void Copy_is_at_no_distance_at_all_and_the_first_of_several_is_named()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(11);
        var y = randn(50, 8) + 100;
        var doubled = cat([y, y]);

        var nearest = NearestNeighbours.Of(y.narrow(0, 30, 5), doubled);

        Assert.Equal([30L, 31, 32, 33, 34], nearest.Indices);
        Assert.All(nearest.Distances, distance => Assert.Equal(0, distance));
    }

    [Fact]
    public void Query_that_is_a_candidate_is_not_its_own_neighbour()
    {
        using var scope = NewDisposeScope();
        var y = tensor(new float[,] { { 0, 0 }, { 1, 0 }, { 5, 0 } });

        var nearest = NearestNeighbours.Of(y, y, itself: [0, 1, 2]);

        Assert.Equal([1L, 0, 1], nearest.Indices);
        Assert.Equal([1.0, 1, 4], nearest.Distances);
    }

    [Fact]
    public void Query_that_is_no_number_has_no_distance()
    {
        using var scope = NewDisposeScope();

        var nearest = NearestNeighbours.Of(full([1, 2], double.NaN, dtype: ScalarType.Float32), randn(4, 2));

        Assert.True(double.IsNaN(Assert.Single(nearest.Distances)));
    }

    [Fact]
    public void Features_of_unlike_lengths_are_refused()
    {
        using var scope = NewDisposeScope();

        Assert.Throws<ArgumentException>(() => NearestNeighbours.Of(randn(2, 3), randn(2, 4)));
        Assert.Throws<ArgumentException>(() => NearestNeighbours.Of(randn(1, 3), randn(1, 3), itself: [0]));
    }

    private static double[][] Rows(Tensor values)
    {
        var flat = values.to(ScalarType.Float64).contiguous().data<double>().ToArray();
        return [.. flat.Chunk((int)values.shape[1])];
    }

    private static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());
}
