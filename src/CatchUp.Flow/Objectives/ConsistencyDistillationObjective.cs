using CatchUp.Flow.Networks;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

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
        return new ObjectiveResult(loss, [("consistency", loss.detach())], [v], [target]);
    }

    private Tensor Target(Tensor z_t, Tensor t, Tensor? labels)
    {
        using var noGradient = no_grad();
        var (_, earlier) = TeacherStep(z_t, t, labels);
        return _average.Forward(earlier, new NetworkTime(_average, t).InputBefore(1, Delta(t), earliest: 1.0 / TimeSteps), labels);
    }
}
