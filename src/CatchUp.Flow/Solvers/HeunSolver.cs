using static TorchSharp.torch;

namespace CatchUp.Flow.Solvers;

/// <summary>
/// Heun's method (Karras et al. 2022, algorithm 1, without noise) on a uniform grid of (NFE + 1)/2 steps of h: with d₁ = v(z, t) and
/// d₂ = v(z − h·d₁, t − h), z ← z − h·(d₁ + d₂)/2. The last step is Euler's, so NFE is odd.
/// </summary>
/// <remarks>The paper's published code halves the grid's step a second time for networks with two heads; the method is this one for any head.</remarks>
public sealed class HeunSolver : Solver
{
    /// <inheritdoc/>
    public override string Name => "heun";

    /// <inheritdoc/>
    public override bool Takes(int nfe) => nfe >= 1 && nfe % 2 == 1;

    /// <inheritdoc/>
    public override Tensor Sample(VelocityFunction velocity, Tensor noise, int? nfe, ICollection<Tensor>? stepVelocities = null)
    {
        ArgumentNullException.ThrowIfNull(velocity);
        ArgumentNullException.ThrowIfNull(noise);
        var steps = (Evaluations(nfe) + 1) / 2;
        using var noGradient = no_grad();
        var h = 1.0 / steps;
        var z = noise;
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            var t = (double)(steps - step) / steps;
            var slope = velocity(z, t);
            if (step < steps - 1)
            {
                var second = velocity(z.add(slope, -h), (double)(steps - step - 1) / steps);
                slope = slope.add(second).div_(2);
            }

            stepVelocities?.Add(slope.MoveToOuterDisposeScope());
            var next = z.add(slope, -h).MoveToOuterDisposeScope();
            if (step > 0)
            {
                z.Dispose();
            }

            z = next;
        }

        return z;
    }
}
