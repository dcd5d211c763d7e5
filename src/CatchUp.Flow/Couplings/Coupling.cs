using static TorchSharp.torch;

namespace CatchUp.Flow.Couplings;

/// <summary>How images z₀ are paired with noise z₁ in training (METHOD, "Coupling of data and noise"). Sampling always starts from N(0, I).</summary>
public abstract class Coupling
{
    /// <summary>The network that is trained along with the velocity, on its device, for a coupling that has one; the caller keeps owning it.</summary>
    public virtual nn.Module? Network => null;

    /// <summary>The pairs of one batch, in the caller's dispose scope.</summary>
    /// <param name="data">The images in [-1, 1], [batch, channels, height, width].</param>
    /// <param name="generator">A CPU generator: what is drawn is the same whatever the device.</param>
    public abstract CoupledBatch Draw(Tensor data, Generator generator);
}
