using CatchUp.Flow.Networks;
using static TorchSharp.torch;

namespace CatchUp.Flow.Objectives;

/// <summary>
/// Progressive distillation (Salimans and Ho 2022) of a flow's velocities (METHOD, "Other trainers"): one student step of 2/N lands
/// where two teacher steps of 1/N do, MSE(v(z_t, t), ½(k₁ + k₂)), k₁ = v_teacher(z_t, t), k₂ = v_teacher(z_t − k₁/N, t − 1/N), for
/// t in {2/N … 1}. One run halves N once; a chain of runs repeats it.
/// </summary>
/// <param name="teacher">The frozen teacher, in evaluation mode.</param>
/// <param name="timeSteps">N of the teacher's grid, at least 2; the student's has N/2.</param>
public sealed class ProgressiveDistillationObjective(VelocityNetwork teacher, int timeSteps) : DistillationObjective(teacher, timeSteps)
{
    /// <inheritdoc/>
    public override TimeDraws Draw(VelocityNetwork network, long batch, Generator generator, Device? device = null) =>
        TimeDraws.DrawOnGrid(2, TimeSteps, batch, generator, device);

    private protected override string Term => "progressive";

    private protected override Tensor Target(Tensor z_t, Tensor t, Tensor? labels)
    {
        var (k1, middle) = TeacherStep(z_t, t, labels);
        var k2 = Teacher.Forward(middle, new NetworkTime(Teacher, t).InputBefore(1, Delta(t)), labels);
        return (k1 + k2) / 2;
    }
}
