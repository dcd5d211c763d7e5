using CatchUp.Flow.Networks;
using CatchUp.Flow.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Flow.Parity;

/// <summary>Consistency and progressive distillation of given teachers on given data, noise and times: prediction, target and loss.</summary>
internal static class DistillationParity
{
    public static void CheckConsistency(ParityCase parityCase, Comparison comparison)
    {
        using var teacher = Frozen(parityCase, "teacher.");
        using var average = Frozen(parityCase, "ema.");
        Check(parityCase, comparison, new ConsistencyDistillationObjective(teacher, average, Steps(parityCase)));
    }

    public static void CheckProgressive(ParityCase parityCase, Comparison comparison)
    {
        using var teacher = Frozen(parityCase, "teacher.");
        Check(parityCase, comparison, new ProgressiveDistillationObjective(teacher, Steps(parityCase)));
    }

    private static void Check(ParityCase parityCase, Comparison comparison, Objective objective)
    {
        using var student = parityCase.Network("student.");
        var t = parityCase.Tensor("t");
        var result = objective.Compute(student, parityCase.Tensor("z0"), parityCase.Tensor("z1"), new TimeDraws(t, zeros_like(t)), 0);

        var tolerance = parityCase.Tolerance;
        comparison.Tensors("prediction", parityCase.Tensor("prediction"), result.Predictions[0], tolerance);
        comparison.Tensors("target", parityCase.Tensor("target"), result.Targets[0], tolerance);
        comparison.Numbers("loss", ParityCase.Number(parityCase.Description, "loss"), result.Loss.ToDouble(), tolerance);
    }

    private static int Steps(ParityCase parityCase) => (int)ParityCase.Number(parityCase.Description, "steps");

    private static SongUNet Frozen(ParityCase parityCase, string prefix)
    {
        var network = parityCase.Network(prefix);
        network.eval();
        return network;
    }
}
