using static TorchSharp.torch;

namespace CatchUp.Flow.Solvers;

/// <summary>
/// Adams–Bashforth methods on a uniform grid of NFE steps: z ← z − h·Σⱼ bⱼ·vₙ₋ⱼ over the latest velocities, one evaluation a step.
/// The published multistep samplers come down to them on a straight flow, and differ in how they start.
/// </summary>
public sealed class MultistepSolver : Solver
{
    // The integral over the next step of the polynomial through the latest velocities, in units of h; the latest velocity first.
    private static readonly double[] First = [1], Second = [3.0 / 2, -1.0 / 2], Third = [23.0 / 12, -16.0 / 12, 5.0 / 12];

    private readonly double[][] weights;

    private MultistepSolver(string name, params double[][] weights) => (Name, this.weights) = (name, weights);

    /// <summary>DPM-Solver-2, multistep (Lu et al. 2022): order 2 after one Euler step.</summary>
    public static MultistepSolver DpmSolver2 { get; } = new("dpm-solver-2", First, Second);

    /// <summary>DPM-Solver-3, multistep: order 3 after an Euler step and one of order 2, which the paper's published code leaves out by a slip.</summary>
    public static MultistepSolver DpmSolver3 { get; } = new("dpm-solver-3", First, Second, Third);

    /// <summary>DEIS (Zhang and Chen 2023): the quadratic through the last three velocities integrated exactly, after two Euler steps.</summary>
    public static MultistepSolver Deis { get; } = new("deis", First, First, Third);

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override Tensor Sample(VelocityFunction velocity, Tensor noise, int? nfe, ICollection<Tensor>? stepVelocities = null)
    {
        ArgumentNullException.ThrowIfNull(velocity);
        ArgumentNullException.ThrowIfNull(noise);
        var steps = Evaluations(nfe);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var h = 1.0 / steps;
        var z = noise;
        var latest = new LinkedList<Tensor>(); // vₙ, vₙ₋₁, vₙ₋₂
        for (var step = 0; step < steps; step++)
        {
            using var stepScope = NewDisposeScope();
            latest.AddFirst(velocity(z, (double)(steps - step) / steps).alias().MoveToOuterDisposeScope());
            var slope = Combine(latest, weights[Math.Min(step, weights.Length - 1)]);
            var next = z.add(slope, -h).MoveToOuterDisposeScope();
            if (stepVelocities is not null)
            {
                // Out of both scopes of this method.
                stepVelocities.Add(slope.MoveToOuterDisposeScope().MoveToOuterDisposeScope());
            }

            if (step > 0)
            {
                z.Dispose();
            }

            z = next;
            if (latest.Count == weights[^1].Length)
            {
                latest.Last!.Value.Dispose();
                latest.RemoveLast();
            }
        }

        return z.MoveToOuterDisposeScope();
    }

    /// <summary>Σⱼ bⱼ·vₙ₋ⱼ, a tensor of its own.</summary>
    private static Tensor Combine(LinkedList<Tensor> latest, double[] weights)
    {
        var slope = latest.First!.Value.mul(weights[0]);
        foreach (var (v, weight) in latest.Zip(weights).Skip(1))
        {
            slope.add_(v, weight);
        }

        return slope;
    }
}
