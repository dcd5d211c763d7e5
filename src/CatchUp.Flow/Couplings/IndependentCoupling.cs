using static TorchSharp.torch;

namespace CatchUp.Flow.Couplings;

/// <summary>Noise that knows nothing of the image it is paired with: z₁ ~ N(0, I) (METHOD, "Coupling of data and noise").</summary>
public sealed class IndependentCoupling : Coupling
{
    /// <inheritdoc/>
    public override CoupledBatch Draw(Tensor data, Generator generator) => new(data, StandardNormal(data, generator));

    /// <summary>N(0, I) of the shape, type and device of <paramref name="data"/>.</summary>
    internal static Tensor StandardNormal(Tensor data, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(data);
        using var scope = NewDisposeScope();
        return randn(data.shape, dtype: ScalarType.Float32, generator: generator).to(data.dtype, data.device).MoveToOuterDisposeScope();
    }
}
