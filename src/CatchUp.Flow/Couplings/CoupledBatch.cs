using static TorchSharp.torch;

namespace CatchUp.Flow.Couplings;

/// <summary>A batch of pairs, and what drawing them so costs.</summary>
/// <param name="Data">z₀, [batch, channels, height, width].</param>
/// <param name="Noise">z₁, the same shape; with gradient where a network made it.</param>
public sealed record CoupledBatch(Tensor Data, Tensor Noise)
{
    /// <summary>The classes of the images, [batch] int64; null when they are the data set's own.</summary>
    public Tensor? Labels { get; init; }

    /// <summary>A scalar that is added to the objective's loss; null when there is none.</summary>
    public Tensor? Loss { get; init; }

    /// <summary>What that loss is made of before weighting: detached scalars with their names.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Terms { get; init; } = [];
}
