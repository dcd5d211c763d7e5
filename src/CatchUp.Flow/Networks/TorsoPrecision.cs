namespace CatchUp.Flow.Networks;

/// <summary>What a network's torso computes in. Weights, gradients, normalisation, softmax, embeddings, heads and losses are of the weights' type in either case.</summary>
public enum TorsoPrecision
{
    /// <summary>The weights' type, float32.</summary>
    Full,

    /// <summary>bfloat16: weights are cast at every pass (TorchSharp 0.107 has no autocast).</summary>
    BFloat16,
}
