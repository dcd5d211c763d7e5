using static TorchSharp.torch;

namespace CatchUp.Flow.Networks;

/// <summary>Casts between a torso in bfloat16 and what is kept in full precision.</summary>
internal static class TorsoCast
{
    /// <summary>A weight, or what was computed in full precision, for use beside the torso's <paramref name="x"/>. Any other difference in type is a mistake and left for torch to refuse.</summary>
    public static Tensor Like(this Tensor full, Tensor x) => IsHalf(x) && !IsHalf(full) ? full.to(ScalarType.BFloat16) : full;

    public static bool IsHalf(Tensor x) => x.dtype == ScalarType.BFloat16;
}
