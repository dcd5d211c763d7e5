using CatchUp.Flow.Networks;
using static TorchSharp.torch;

namespace CatchUp.Flow.Objectives;

/// <summary>An objective whose targets come from a frozen teacher on a time grid of N steps; the student has one head.</summary>
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
