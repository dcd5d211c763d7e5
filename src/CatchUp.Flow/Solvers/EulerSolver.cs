using static TorchSharp.torch;

namespace CatchUp.Flow.Solvers;

/// <summary>Euler's method on a uniform grid of NFE steps: z ← z − h·v(z, t), h = 1/NFE, t = 1, 1 − h, … h.</summary>
public sealed class EulerSolver : Solver
{
    /// <inheritdoc/>
    public override string Name => "euler";

    /// <inheritdoc/>
    public override Tensor Sample(VelocityFunction velocity, Tensor noise, int? nfe, ICollection<Tensor>? stepVelocities = null)
    {
        ArgumentNullException.ThrowIfNull(velocity);
        ArgumentNullException.ThrowIfNull(noise);
        var steps = Evaluations(nfe);
        using var noGradient = no_grad();
        var h = 1.0 / steps;
        var z = noise;
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            var t = (double)(steps - step) / steps;
            var v = velocity(z, t);
            stepVelocities?.Add(v.MoveToOuterDisposeScope());
            var next = z.add(v, -h).MoveToOuterDisposeScope();
            if (step > 0)
            {
                z.Dispose();
            }

            z = next;
        }

        return z;
    }
}
