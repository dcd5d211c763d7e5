using CatchUp.Flow.Couplings;
using CatchUp.Flow.Objectives;
using TorchSharp;

namespace CatchUp.Flow.Parity;

/// <summary>The catch-up objective on pairs of a learned coupling: what is predicted and caught up with, both losses, and the gradients of both networks.</summary>
internal static class LearnedCouplingLossParity
{
    public static void Check(ParityCase parityCase, Comparison comparison)
    {
        var (description, tolerance) = (parityCase.Description, parityCase.Tolerance);
        using var network = parityCase.Network();
        using var encoder = parityCase.NetworkOf("encoder_config", "encoder.");
        var coupling = new LearnedCoupling(encoder, ParityCase.Number(description, "beta"));
        var objective = new CatchUpObjective(new CatchUpOptions
        {
            Order = CatchUpLossParity.ReadOrder(description, network.Heads),
            Delta = CatchUpLossParity.ReadDelta(description),
            TimeSteps = (int)ParityCase.NumberOr(description, "steps", network.TimeSteps),
            ReuseFirstSlope = false,
        });

        var pairs = coupling.Draw(parityCase.Tensor("x"), parityCase.Tensor("noise"));
        var draws = new TimeDraws(parityCase.Tensor("t"), parityCase.Tensor("u"));
        var result = objective.Compute(network, pairs.Data, pairs.Noise, draws, progress: 0);
        var loss = result.Loss + pairs.Loss!;
        loss.backward();

        comparison.Tensors("z1", parityCase.Tensor("z1"), pairs.Noise, tolerance);
        for (var head = 1; head <= network.Heads; head++)
        {
            comparison.Tensors($"prediction{head}", parityCase.Tensor($"prediction{head}"), result.Predictions[head - 1], tolerance);
            comparison.Tensors($"target{head}", parityCase.Tensor($"target{head}"), result.Targets[head - 1], tolerance);
        }

        comparison.Numbers("kl", ParityCase.Number(description, "kl"), pairs.Terms[0].Value.ToDouble(), tolerance);
        comparison.Numbers("loss_flow", ParityCase.Number(description, "loss_flow"), result.Loss.ToDouble(), tolerance);
        comparison.Numbers("loss", ParityCase.Number(description, "loss"), loss.ToDouble(), tolerance);
        var gradientTolerance = ParityCase.NumberOr(description, "tolerance_gradient", tolerance);
        comparison.RelativeNumbers("network_grad_norm", ParityCase.Number(description, "network_grad_norm"), CatchUpLossParity.GradientNorm(network.parameters()), gradientTolerance);
        comparison.RelativeNumbers("encoder_grad_norm", ParityCase.Number(description, "encoder_grad_norm"), CatchUpLossParity.GradientNorm(encoder.parameters()), gradientTolerance);
    }
}
