using CatchUp.Flow.Networks;
using static TorchSharp.torch;

namespace CatchUp.Flow.Objectives;

/// <summary>
/// Consistency distillation (Song et al. 2023) of a flow's velocities (METHOD, "Other trainers"):
/// MSE(v(z_t, t), v_EMA(z_t − 1/N·v_teacher(z_t, t), t − 1/N)). The step is always 1/N; only the averaged network's time is
/// clamped, to [1/N, 1].
/// </summary>
public sealed class ConsistencyDistillationObjective : DistillationObjective
{
    private readonly VelocityNetwork _average;

    /// <param name="teacher">The frozen teacher, in evaluation mode.</param>
    /// <param name="average">The student's averaged weights, in evaluation mode, kept up to date by the caller.</param>
    /// <param name="timeSteps">N of the teacher's grid.</param>
    public ConsistencyDistillationObjective(VelocityNetwork teacher, VelocityNetwork average, int timeSteps)
        : base(teacher, timeSteps)
    {
        ArgumentNullException.ThrowIfNull(average);
        CheckGrid(average, timeSteps, nameof(average));
        _average = average;
    }

    private protected override string Term => "consistency";

    private protected override Tensor Target(Tensor z_t, Tensor t, Tensor? labels)
    {
        var (_, earlier) = TeacherStep(z_t, t, labels);
        return _average.Forward(earlier, new NetworkTime(_average, t).InputBefore(1, Delta(t), earliest: 1.0 / TimeSteps), labels);
    }
}
