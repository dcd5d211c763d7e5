using static TorchSharp.torch;

namespace CatchUp.Flow.Solvers;

/// <summary>Integrates a velocity field from noise at t = 1 to data at t = 0 (METHOD, "Samplers").</summary>
public abstract class Solver
{
    /// <summary>The solver's name in specifications, parity cases and results.</summary>
    public abstract string Name { get; }

    /// <summary>Samples for a batch of noise.</summary>
    /// <param name="velocity">The field.</param>
    /// <param name="noise">z₁, [batch, …].</param>
    /// <param name="nfe">How many times the field may be evaluated, at least 1.</param>
    /// <param name="stepVelocities">When given, receives each step's velocity, first step first; see <see cref="Trajectory"/>.</param>
    /// <returns>z₀, the shape of <paramref name="noise"/>, in the caller's dispose scope.</returns>
    /// <exception cref="ArgumentOutOfRangeException">This solver cannot use that many evaluations.</exception>
    public abstract Tensor Sample(VelocityFunction velocity, Tensor noise, int nfe, ICollection<Tensor>? stepVelocities = null);
}
