using static TorchSharp.torch;

namespace CatchUp.Flow.Parity;

/// <summary>A network's velocity and the features before its head, on given states and times.</summary>
internal static class VelocityNetworkParity
{
    public static void Check(ParityCase parityCase, Comparison comparison)
    {
        using var network = parityCase.Network();
        network.eval();
        using var noGradient = no_grad();
        var (x, t) = (parityCase.Tensor("x"), parityCase.Tensor("t"));
        comparison.Tensors("velocity", parityCase.Tensor("velocity"), network.Forward(x, t), parityCase.Tolerance);
        if (parityCase.HasTensor("features"))
        {
            comparison.Tensors("features", parityCase.Tensor("features"), network.Features(x, t), parityCase.Tolerance);
        }
    }
}
