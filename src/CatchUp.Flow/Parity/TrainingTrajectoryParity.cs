using CatchUp.Flow.Objectives;
using CatchUp.Flow.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Flow.Parity;

/// <summary>A short training run on given batches: every loss, the final weights and their moving average.</summary>
internal static class TrainingTrajectoryParity
{
    public static void Check(ParityCase parityCase, Comparison comparison)
    {
        var description = parityCase.Description;
        var settings = ParityCase.Member(description, "optimizer");
        var betas = ParityCase.Numbers(settings, "betas");
        if (ParityCase.Text(settings, "name") != "adam" || betas.Count != 2)
        {
            throw new InvalidDataException("the optimizer must be adam with two betas");
        }

        using var network = parityCase.Network();
        using var optimizer = new Adam(network, new AdamOptions
        {
            LearningRate = ParityCase.Number(settings, "lr"),
            WarmupSteps = (int)ParityCase.NumberOr(settings, "warmup_steps", 0),
            Beta1 = betas[0],
            Beta2 = betas[1],
            Epsilon = ParityCase.Number(settings, "eps"),
        });
        using var ema = new Ema(network, new EmaOptions { Decay = ParityCase.Number(description, "ema_decay") });
        var objective = new CatchUpObjective(new CatchUpOptions
        {
            Order = CatchUpLossParity.ReadOrder(description, network.Heads),
            Delta = CatchUpLossParity.ReadDelta(description),
            TimeSteps = (int)ParityCase.NumberOr(description, "steps", network.TimeSteps),
            ReuseFirstSlope = false,
        });

        var losses = ParityCase.Numbers(description, "losses");
        var (z_0, z_1, t, u) = (parityCase.Tensor("z0"), parityCase.Tensor("z1"), parityCase.Tensor("t"), parityCase.Tensor("u"));
        if (losses.Count != z_0.shape[0])
        {
            throw new InvalidDataException($"case.json has {losses.Count} losses for {z_0.shape[0]} batches");
        }

        for (var step = 0; step < losses.Count; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.ZeroGradients();
            var result = objective.Compute(network, z_0[step], z_1[step], new TimeDraws(t[step], u[step]), (double)step / losses.Count);
            result.Loss.backward();
            optimizer.Step();
            ema.Update(step);
            comparison.Numbers($"loss of step {step}", losses[step], result.Loss.ToDouble(), parityCase.Tolerance);
        }

        Compare("final.", network.named_parameters().ToDictionary(item => item.name, item => (Tensor)item.parameter));
        Compare("final_ema.", ema.Weights());

        void Compare(string prefix, Dictionary<string, Tensor> weights)
        {
            foreach (var (name, expected) in parityCase.TensorsUnder(prefix))
            {
                var actual = weights.TryGetValue(name, out var weight) ? weight : throw new InvalidDataException($"the network has no '{name}'");
                comparison.Tensors(prefix + name, expected, actual, parityCase.Tolerance);
            }
        }
    }
}
