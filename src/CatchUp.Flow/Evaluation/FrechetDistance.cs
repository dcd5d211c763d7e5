using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation;

/// <summary>
/// The Fréchet distance between two Gaussians with the features' means and covariances, ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ −
/// 2(Σ₁Σ₂)^½) (Heusel et al. 2017). Plain FID only with the features, the reference and the sample count that METHOD names.
/// </summary>
public static class FrechetDistance
{
    /// <summary>The distance, in float64; 0 for equal statistics up to rounding, NaN when a feature was not finite.</summary>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    /// <exception cref="InvalidOperationException">One side has fewer than two samples.</exception>
    public static double Between(FeatureStatistics first, FeatureStatistics second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Dimensions != second.Dimensions)
        {
            throw new ArgumentException($"Statistics of {first.Dimensions} and {second.Dimensions} dimensions have no distance.", nameof(second));
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (covariance1, covariance2) = (first.Covariance(), second.Covariance());
        var meanPart = (first.Mean() - second.Mean()).square().sum().item<double>();
        var tracePart = covariance1.trace().item<double>() + covariance2.trace().item<double>();
        if (!double.IsFinite(meanPart) || !double.IsFinite(tracePart))
        {
            return double.NaN;
        }

        return meanPart + tracePart - 2 * TraceOfRoot(covariance1, covariance2);
    }

    /// <summary>
    /// tr((Σ₁Σ₂)^½): the sum of the roots of the eigenvalues of Σ₁Σ₂, which are those of the symmetric AᵀΣ₂A for any A with
    /// AAᵀ = Σ₁, or with both exchanged. A is the Cholesky factor of one that has full rank; where neither has, it comes from the
    /// eigenvectors, which takes three times as long.
    /// </summary>
    private static double TraceOfRoot(Tensor covariance1, Tensor covariance2)
    {
        var (factor, info) = linalg.cholesky_ex(covariance1);
        var other = covariance2;
        if (info.item<int>() != 0)
        {
            (factor, info) = linalg.cholesky_ex(covariance2);
            other = covariance1;
        }

        if (info.item<int>() != 0)
        {
            var (values, vectors) = linalg.eigh(covariance1);
            factor = vectors * values.clamp_min(0).sqrt();
            other = covariance2;
        }

        var product = factor.t().mm(other).mm(factor);
        var eigenvalues = linalg.eigvalsh((product + product.t()) / 2);
        return eigenvalues.clamp_min(0).sqrt().sum().item<double>();
    }
}
