using static TorchSharp.torch;

namespace CatchUp.Flow.Objectives;

/// <summary>
/// How unlike two images look to a feature extractor: ‖f(a) − f(b)‖², the mean over images, in units of the spread of the features
/// among real images, so that extractors of any scale weigh alike (two unrelated real images are 2 apart on average).
/// </summary>
/// <param name="features">
/// Images in about [-1, 1], [batch, channels, height, width], to features [batch, features]; differentiable, with frozen weights.
/// </param>
/// <param name="spread">Trace of the features' covariance among real images, above 0.</param>
public sealed class PerceptualDistance(Func<Tensor, Tensor> features, double spread)
{
    /// <summary>The mean distance of two batches, a scalar. The gradient flows through both.</summary>
    public Tensor Between(Tensor images, Tensor others)
    {
        using var scope = NewDisposeScope();
        return ((features(images) - features(others)).square().sum(1).mean() / spread).MoveToOuterDisposeScope();
    }
}
