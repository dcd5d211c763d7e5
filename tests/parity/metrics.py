"""METHOD.md, "Evaluation": generative metrics of given features, in float64 with NumPy and SciPy."""

import numpy
import scipy.linalg
import scipy.spatial


def statistics(features):
    return features.mean(axis=0), numpy.cov(features, rowvar=False)  # n − 1


def frechet_distance(mean_a, covariance_a, mean_b, covariance_b):
    """|μ_a − μ_b|² + tr(C_a + C_b − 2(C_a C_b)^½), the root by scipy.linalg.sqrtm."""
    root = scipy.linalg.sqrtm(covariance_a @ covariance_b)
    return float(((mean_a - mean_b) ** 2).sum() + numpy.trace(covariance_a + covariance_b) - 2 * numpy.trace(root).real)


def frechet_distance_by_eigenvalues(mean_a, covariance_a, mean_b, covariance_b):
    eigenvalues = scipy.linalg.eigvals(covariance_a @ covariance_b).real.clip(min=0)
    return float(((mean_a - mean_b) ** 2).sum() + numpy.trace(covariance_a + covariance_b) - 2 * numpy.sqrt(eigenvalues).sum())


def kernel_distance(x, y):
    """KID: the unbiased MMD² with the kernel (x·y/d + 1)³."""
    d, n, m = x.shape[1], len(x), len(y)

    def kernel(a, b):
        return (a @ b.T / d + 1) ** 3

    k_xx, k_yy = kernel(x, x), kernel(y, y)
    within = (k_xx.sum() - numpy.trace(k_xx)) / (n * (n - 1)) + (k_yy.sum() - numpy.trace(k_yy)) / (m * (m - 1))
    return float(within - 2 * kernel(x, y).mean())


def coverage(manifold, points, k=3):
    """The part of `points` that lies in a ball around any row of `manifold` as large as its k-th neighbour is far."""
    radii = numpy.sort(scipy.spatial.distance.cdist(manifold, manifold), axis=1)[:, k]  # column 0 is the row itself
    return float((scipy.spatial.distance.cdist(points, manifold) <= radii).any(axis=1).mean())


def inception_score(probabilities):
    """exp of the mean KL of p(y|x) from p(y), one split."""
    marginal = probabilities.mean(axis=0)
    return float(numpy.exp((probabilities * (numpy.log(probabilities) - numpy.log(marginal))).sum(axis=1).mean()))
