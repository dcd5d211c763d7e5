using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation;

/// <summary>
/// The kernel distance between two sets of features: the unbiased squared maximum mean discrepancy with the kernel
/// (x·y/d + 1)³, d the dimensions (Bińkowski et al. 2018). Over the features that METHOD names it is KID.
/// </summary>
public static class KernelDistance
{
    // Rows of the kernel matrix computed at a time; bounds memory, not the result.
    private const int BlockRows = 1024;

    /// <summary>The distance over all rows, in float64; around 0, also below it, for equal distributions.</summary>
    /// <param name="first">[samples, dimensions], at least two samples.</param>
    /// <param name="second">[samples, dimensions], at least two samples; any device, which is where it is computed.</param>
    /// <exception cref="ArgumentException">The shapes do not allow it.</exception>
    public static double Between(Tensor first, Tensor second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.dim() != 2 || second.dim() != 2 || first.shape[1] != second.shape[1] || first.shape[0] < 2 || second.shape[0] < 2)
        {
            throw new ArgumentException($"The features must be [2 or more, dimensions], not [{string.Join(", ", first.shape)}] and [{string.Join(", ", second.shape)}].", nameof(first));
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var x = first.to(ScalarType.Float64);
        var y = second.to(ScalarType.Float64);
        var (m, n) = ((double)x.shape[0], (double)y.shape[0]);
        return SumOffDiagonal(x) / (m * (m - 1)) + SumOffDiagonal(y) / (n * (n - 1)) - 2 * Sum(x, y) / (m * n);
    }

    /// <summary>Σ k(x_i, x_j) over i ≠ j: a sample compared with itself would bias the distance.</summary>
    private static double SumOffDiagonal(Tensor x)
    {
        using var scope = NewDisposeScope();
        return Sum(x, x) - Kernel((x * x).sum(1), x.shape[1]).sum().item<double>();
    }

    private static double Sum(Tensor x, Tensor y)
    {
        double sum = 0;
        foreach (var start in Enumerable.Range(0, (int)((x.shape[0] + BlockRows - 1) / BlockRows)).Select(block => (long)block * BlockRows))
        {
            using var scope = NewDisposeScope();
            var rows = x.narrow(0, start, Math.Min(BlockRows, x.shape[0] - start));
            sum += Kernel(rows.mm(y.t()), x.shape[1]).sum().item<double>();
        }

        return sum;
    }

    private static Tensor Kernel(Tensor products, long dimensions) => products.div(dimensions).add_(1).pow(3);
}
