using static TorchSharp.torch;

namespace CatchUp.Flow.Couplings;

/// <summary>Noise that knows nothing of the image it is paired with: z₁ ~ N(0, I) (METHOD, "Coupling of data and noise").</summary>
public static class IndependentCoupling
{
    /// <summary>z₁ for a batch of images.</summary>
    /// <param name="data">The images, [batch, channels, height, width]: only shape, type and device matter.</param>
    /// <param name="generator">A CPU generator: the noise is the same whatever the device.</param>
    public static Tensor Draw(Tensor data, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(data);
        using var scope = NewDisposeScope();
        return randn(data.shape, dtype: ScalarType.Float32, generator: generator).to(data.dtype, data.device).MoveToOuterDisposeScope();
    }
}
