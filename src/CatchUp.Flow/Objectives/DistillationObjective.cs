using CatchUp.Flow.Networks;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CatchUp.Flow.Objectives;

/// <summary>MSE(v(z_t, t), target) with targets from a frozen teacher on a time grid of N steps; the student has one head.</summary>
public abstract class DistillationObjective : Objective
{
    /// <param name="teacher">The frozen teacher, in evaluation mode; its head 1 is what is learnt from.</param>
    /// <param name="timeSteps">N of the teacher's grid.</param>
    /// <exception cref="ArgumentException">N is below 1, or the teacher divides time otherwise.</exception>
    private protected DistillationObjective(VelocityNetwork teacher, int timeSteps)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentOutOfRangeException.ThrowIfLessThan(timeSteps, 1);
        (Teacher, TimeSteps) = (teacher, timeSteps);
        CheckGrid(teacher, timeSteps, nameof(teacher));
    }

    /// <inheritdoc/>
    public override int Heads => 1;

    private protected VelocityNetwork Teacher { get; }

    /// <summary>N: the teacher steps by 1/N.</summary>
    private protected int TimeSteps { get; }

    /// <summary>What the loss is called.</summary>
    private protected abstract string Term { get; }

    /// <inheritdoc/>
    protected override ObjectiveResult ComputeCore(VelocityNetwork network, Tensor data, Tensor noise, TimeDraws draws, double progress)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(draws);
        CheckGrid(network, TimeSteps, nameof(network));
        var t = new NetworkTime(network, draws.Time);
        var z_t = Interpolate(data, noise, t.Value);

        var v = network.Forward(z_t, t.Input);
        Tensor target;
        using (no_grad())
        {
            target = Target(z_t, t.Value, network.Labels);
        }

        var loss = F.mse_loss(v, target);
        return new ObjectiveResult(loss, [(Term, loss.detach())], [v], [target]);
    }

    /// <summary>What the student's velocity at (z_t, t) is to be.</summary>
    /// <param name="labels">The classes of the batch, for a network that depends on them.</param>
    private protected abstract Tensor Target(Tensor z_t, Tensor t, Tensor? labels);

    /// <summary>1/N for each sample, [batch].</summary>
    private protected Tensor Delta(Tensor t) => full_like(t, 1.0 / TimeSteps);

    /// <summary>The teacher's velocity at (z_t, t) and the state that one Euler step of 1/N leads to.</summary>
    /// <param name="labels">The classes of the batch, for a network that depends on them.</param>
    private protected (Tensor Velocity, Tensor State) TeacherStep(Tensor z_t, Tensor t, Tensor? labels)
    {
        var k = Teacher.Forward(z_t, new NetworkTime(Teacher, t).Input, labels);
        return (k, z_t - k / TimeSteps);
    }
}
