using CatchUp.Flow.Networks;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

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

    /// <inheritdoc/>
    protected override ObjectiveResult ComputeCore(VelocityNetwork network, Tensor data, Tensor noise, TimeDraws draws, double progress)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(draws);
        CheckGrid(network, TimeSteps, nameof(network));
        var t = new NetworkTime(network, draws.Time);
        var z_t = Interpolate(data, noise, t.Value);

        var v = network.Forward(z_t, t.Input);
        var target = Target(z_t, t.Value, network.Labels);
        var loss = F.mse_loss(v, target);
        return new ObjectiveResult(loss, [("progressive", loss.detach())], [v], [target]);
    }

    private Tensor Target(Tensor z_t, Tensor t, Tensor? labels)
    {
        using var noGradient = no_grad();
        var (k1, middle) = TeacherStep(z_t, t, labels);
        var k2 = Teacher.Forward(middle, new NetworkTime(Teacher, t).InputBefore(1, Delta(t)), labels);
        return (k1 + k2) / 2;
    }
}
