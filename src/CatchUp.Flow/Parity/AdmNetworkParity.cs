using static TorchSharp.torch;

namespace CatchUp.Flow.Parity;

/// <summary>The velocity of each head of an ADM network, on given states, times and classes.</summary>
internal static class AdmNetworkParity
{
    public static void Check(ParityCase parityCase, Comparison comparison)
    {
        using var network = parityCase.AdmNetwork();
        network.eval();
        using var noGradient = no_grad();
        var labels = network.Classes > 0 ? parityCase.Tensor("class") : null;
        var velocities = network.ForwardHeads(parityCase.Tensor("x"), parityCase.Tensor("t"), labels);
        for (var head = 1; head <= network.Heads; head++)
        {
            comparison.Tensors($"velocity{head}", parityCase.Tensor($"velocity{head}"), velocities[head - 1], parityCase.Tolerance);
        }
    }
}
