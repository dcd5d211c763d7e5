using TorchSharp;

namespace CatchUp.Flow;

/// <summary>
/// Numbers that every pass needs. TorchSharp makes a native scalar of each number given to an operation, the 1 of a plain sum
/// included, and leaves it to its finalizer: hundreds an update, between activations, keep freed memory from being used again.
/// </summary>
internal static class Scalars
{
    /// <summary>1, for <c>add_(x, One)</c>.</summary>
    public static readonly Scalar One = 1.0;

    /// <summary>√½, which keeps the variance of a sum of two.</summary>
    public static readonly Scalar SqrtHalf = Math.Sqrt(0.5);
}
