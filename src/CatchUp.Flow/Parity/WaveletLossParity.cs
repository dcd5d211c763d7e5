using CatchUp.Flow.Objectives;
using TorchSharp;

namespace CatchUp.Flow.Parity;

/// <summary>The wavelet term between z₁ − v and z₀.</summary>
internal static class WaveletLossParity
{
    public static void Check(ParityCase parityCase, Comparison comparison)
    {
        var predicted = parityCase.Tensor("z1") - parityCase.Tensor("v");
        var loss = WaveletDetail.Distance(predicted, parityCase.Tensor("z0"));
        comparison.Numbers("loss", ParityCase.Number(parityCase.Description, "loss"), loss.ToDouble(), parityCase.Tolerance);
    }
}
