using static TorchSharp.torch;

namespace CatchUp.Flow.Networks;

/// <summary>Scaled dot-product attention over pixels (Vaswani et al. 2017): softmax(qᵀk/√channels), then the means of v it weighs.</summary>
internal static class PixelAttention
{
    /// <summary>q, k and v, [heads, channels, pixels] each → [heads, channels, pixels].</summary>
    public static Tensor Attend(Tensor q, Tensor k, Tensor v)
    {
        var scores = bmm(q.transpose(1, 2), k); // [heads, query, key]
        var weights = (TorsoCast.IsHalf(scores) ? scores.to(ScalarType.Float32) : scores).mul_(1 / Math.Sqrt(q.shape[1])).softmax(-1).Like(v);
        return bmm(v, weights.transpose(1, 2));
    }
}
