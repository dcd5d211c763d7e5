using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation;

/// <summary>
/// Improved precision and recall (Kynkäänniemi et al. 2019). A set's manifold is the union of balls around its samples, each reaching to
/// the sample's k-th nearest neighbour in the set; precision is the share of generated samples inside the real manifold, recall the share
/// of real samples inside the generated one. Distances are in float64.
/// </summary>
/// <param name="Precision">From 0 to 1: how many generated images look real.</param>
/// <param name="Recall">From 0 to 1: how much of the real variety is generated.</param>
public sealed record ManifoldOverlap(double Precision, double Recall)
{
    // Rows of the distance matrix computed at a time; bounds memory, not the result.
    private const int BlockRows = 1024;

    /// <summary>Measures the overlap. Both sets should have as many samples: denser manifolds have smaller balls.</summary>
    /// <param name="real">[samples, dimensions], more than <paramref name="neighbours"/> samples.</param>
    /// <param name="generated">[samples, dimensions], more than <paramref name="neighbours"/> samples.</param>
    /// <param name="neighbours">k.</param>
    /// <returns>The shares; NaN when a feature was not finite.</returns>
    /// <exception cref="ArgumentException">The shapes do not allow it.</exception>
    public static ManifoldOverlap Between(Tensor real, Tensor generated, int neighbours = 3)
    {
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(generated);
        if (real.dim() != 2 || generated.dim() != 2 || real.shape[1] != generated.shape[1] || Math.Min(real.shape[0], generated.shape[0]) <= neighbours)
        {
            throw new ArgumentException($"The features must be [more than {neighbours}, dimensions], not [{string.Join(", ", real.shape)}] and [{string.Join(", ", generated.shape)}].", nameof(real));
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        // Moving both changes no distance, and leaves products small enough to keep their digits.
        var centre = real.to(ScalarType.Float64).mean([0]);
        var x = real.to(ScalarType.Float64) - centre;
        var y = generated.to(ScalarType.Float64) - centre;
        if (!double.IsFinite(x.sum().item<double>() + y.sum().item<double>()))
        {
            return new ManifoldOverlap(double.NaN, double.NaN);
        }

        return new ManifoldOverlap(Covered(y, x, Radii(x, neighbours)), Covered(x, y, Radii(y, neighbours)));
    }

    /// <summary>The squared distance of each sample to its k-th nearest other, [samples].</summary>
    private static Tensor Radii(Tensor x, int neighbours)
    {
        var radii = new List<Tensor>();
        foreach (var (start, rows) in Blocks(x))
        {
            using var scope = NewDisposeScope();
            var distances = SquaredDistances(rows, x);
            distances.diagonal(start).fill_(double.PositiveInfinity);
            radii.Add(distances.kthvalue(neighbours, 1).values.MoveToOuterDisposeScope());
        }

        return cat(radii);
    }

    /// <summary>The share of <paramref name="points"/> inside a ball around one of <paramref name="centres"/>.</summary>
    private static double Covered(Tensor points, Tensor centres, Tensor squaredRadii)
    {
        long covered = 0;
        foreach (var (_, rows) in Blocks(points))
        {
            using var scope = NewDisposeScope();
            covered += (SquaredDistances(rows, centres) <= squaredRadii).any(1).sum().item<long>();
        }

        return (double)covered / points.shape[0];
    }

    private static IEnumerable<(long Start, Tensor Rows)> Blocks(Tensor x)
    {
        for (long start = 0; start < x.shape[0]; start += BlockRows)
        {
            using var rows = x.narrow(0, start, Math.Min(BlockRows, x.shape[0] - start));
            yield return (start, rows);
        }
    }

    /// <summary>‖x − y‖² = ‖x‖² + ‖y‖² − 2x·y, [rows of x, rows of y].</summary>
    private static Tensor SquaredDistances(Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        var products = x.mm(y.t());
        return products.mul_(-2).add_(x.square().sum(1, keepdim: true)).add_(y.square().sum(1)).clamp_min_(0).MoveToOuterDisposeScope();
    }
}
