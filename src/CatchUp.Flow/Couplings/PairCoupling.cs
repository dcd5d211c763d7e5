using static TorchSharp.torch;

namespace CatchUp.Flow.Couplings;

/// <summary>
/// Noise and images that belong together because a model made the one of the other (METHOD, "Coupling of data and noise", `reflow`,
/// and final distillation's trajectories). A batch draws pairs at random, with replacement; the data set's images are not used.
/// </summary>
/// <param name="make">Makes or finds the pairs, once, when they are first needed; this coupling owns them then.</param>
public sealed class PairCoupling(Func<PairSet> make) : Coupling, IDisposable
{
    private PairSet? _pairs;

    /// <summary>Makes the pairs now rather than in the first batch.</summary>
    public void Prepare() => _pairs ??= make();

    /// <inheritdoc/>
    public override CoupledBatch Draw(Tensor data, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(data);
        Prepare();
        using var scope = NewDisposeScope();
        var indices = randint(_pairs!.Count, data.shape[0], dtype: ScalarType.Int64, generator: generator);
        return new CoupledBatch(Chosen(_pairs.Images), Chosen(_pairs.Noise)) { Labels = _pairs.Labels is { } labels ? Chosen(labels) : null };

        Tensor Chosen(Tensor all) => all.index_select(0, indices).to(data.device).MoveToOuterDisposeScope();
    }

    public void Dispose() => _pairs?.Dispose();
}
