using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CatchUp.Flow.Networks;

/// <summary>How new weights are drawn, from torch's global generator.</summary>
internal static class Initialisation
{
    /// <summary>Gain of a layer that begins as nearly nothing: a residual branch's last convolution, and the output.</summary>
    public const double NearlyZero = 1e-5;

    /// <summary>Uniform in ±gain·√(6/(fan in + fan out)) (Glorot and Bengio 2010).</summary>
    /// <param name="shape">[out, in] or [out, in, kernel, kernel].</param>
    /// <param name="gain">Factor on the bound.</param>
    public static Parameter Xavier(long[] shape, double gain = 1)
    {
        using var scope = NewDisposeScope();
        long area = 1;
        foreach (var side in shape.AsSpan(2))
        {
            area *= side;
        }

        var bound = gain * Math.Sqrt(6.0 / ((shape[0] + shape[1]) * area));
        var values = rand(shape, dtype: ScalarType.Float32).mul_(2 * bound).sub_(bound);
        return new Parameter(values.DetachFromDisposeScope());
    }
}
