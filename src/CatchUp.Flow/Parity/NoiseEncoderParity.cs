using CatchUp.Flow.Couplings;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Flow.Parity;

/// <summary>The noise that an encoder draws for given images from given ξ, and its divergence from N(0, I).</summary>
internal static class NoiseEncoderParity
{
    public static void Check(ParityCase parityCase, Comparison comparison)
    {
        using var encoder = parityCase.Network();
        encoder.eval();
        using var noGradient = no_grad();
        var coupling = new LearnedCoupling(encoder, klWeight: 1);
        var (mean, logVariance) = coupling.Encode(parityCase.Tensor("x"));
        var pairs = coupling.Draw(parityCase.Tensor("x"), parityCase.Tensor("noise"));
        comparison.Tensors("mu", parityCase.Tensor("mu"), mean, parityCase.Tolerance);
        comparison.Tensors("logvar", parityCase.Tensor("logvar"), logVariance, parityCase.Tolerance);
        comparison.Tensors("z", parityCase.Tensor("z"), pairs.Noise, parityCase.Tolerance);
        comparison.Numbers("kl", ParityCase.Number(parityCase.Description, "kl"), pairs.Loss!.ToDouble(), parityCase.Tolerance);
    }
}
