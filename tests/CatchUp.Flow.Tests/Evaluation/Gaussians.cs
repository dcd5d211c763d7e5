using CatchUp.Flow.Evaluation;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Evaluation;

/// <summary>Features whose mean and covariance are exactly the wanted ones, not merely in expectation.</summary>
internal static class Gaussians
{
    public static Tensor Features(double[] mean, double[,] covariance, long samples = 200, long seed = 1)
    {
        random.manual_seed(seed);
        var x = randn(samples, mean.Length, dtype: ScalarType.Float64);
        x -= x.mean([0]);
        var own = linalg.cholesky(x.t().mm(x) / (samples - 1));
        var white = x.mm(linalg.inv(own).t());
        return white.mm(linalg.cholesky(tensor(covariance)).t()) + tensor(mean);
    }

    public static FeatureStatistics Statistics(Tensor features)
    {
        var statistics = new FeatureStatistics(features.shape[1]);
        statistics.Add(features);
        return statistics;
    }
}
