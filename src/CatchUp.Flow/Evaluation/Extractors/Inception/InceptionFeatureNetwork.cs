using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation.Extractors.Inception;

/// <summary>
/// inception-pytorch: our own Inception network with the weights of pytorch-fid, whose numbers it gives: byte b taken as b / 255, resized
/// bilinearly with half-pixel centres, mapped to [-1, 1]. They are not those of <see cref="TorchScriptFeatureNetwork"/>.
/// </summary>
internal sealed class InceptionFeatureNetwork : FeatureNetwork
{
    private readonly InceptionNetwork network;

    /// <param name="given">The state dictionary; copied.</param>
    /// <exception cref="InvalidDataException">A weight is missing, has another shape, or is none of this network's.</exception>
    public InceptionFeatureNetwork(IReadOnlyDictionary<string, Tensor> given)
    {
        using var scope = NewDisposeScope();
        var taken = new HashSet<string>();
        network = new InceptionNetwork((name, shape) =>
        {
            taken.Add(name);
            return !given.TryGetValue(name, out var weight) ? throw new InvalidDataException($"the weight '{name}' is missing")
                : !weight.shape.SequenceEqual(shape) ? throw new InvalidDataException($"the weight '{name}' is [{string.Join(", ", weight.shape)}], not [{string.Join(", ", shape)}]")
                : weight.to(ScalarType.Float32);
        });

        // Batch normalisation counts its batches when it trains; nothing here needs the count.
        var surplus = given.Keys.Where(name => !taken.Contains(name) && !name.EndsWith(".num_batches_tracked", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        if (surplus.Count > 0)
        {
            network.Dispose();
            throw new InvalidDataException($"the network has no weight '{surplus[0]}' ({surplus.Count} such names)");
        }
    }

    public override int FeatureCount => InceptionNetwork.FeatureCount;

    public override int ClassCount => InceptionNetwork.ClassCount;

    public override int BatchSize => 50;

    public override Tensor Features(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return network.Features(InColour(pixels).div(255)).MoveToOuterDisposeScope();
    }

    public override Tensor Probabilities(Tensor pixels, Tensor features)
    {
        using var scope = NewDisposeScope();
        return network.Logits(features).softmax(1).MoveToOuterDisposeScope();
    }

    public override void Dispose() => network.Dispose();
}
