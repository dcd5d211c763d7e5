using static TorchSharp.torch;

namespace CatchUp.Flow.Networks;

/// <summary>Prior ShakeDrop (METHOD, "Networks"): a decoder block weighs its own features against its skip by time, in training and in sampling.</summary>
internal static class ShakeDrop
{
    /// <summary>With φ(t) = t(1 − 2φ) + φ: the weights 2φ(t) of a block's own features and 2(1 − φ(t)) of its skip, [batch, 1, 1, 1].</summary>
    /// <param name="time">t in [0, 1], [batch].</param>
    /// <param name="phi">φ.</param>
    public static (Tensor Own, Tensor Skip) Weights(Tensor time, double phi)
    {
        var weight = (time * (1 - 2 * phi) + phi).view(-1, 1, 1, 1);
        return (weight * 2, (1 - weight) * 2);
    }
}
