using static TorchSharp.torch;

namespace CatchUp.Flow.Solvers;

/// <summary>Integrates a velocity field from noise at t = 1 to data at t = 0 (METHOD, "Samplers").</summary>
public abstract class Solver
{
    /// <summary>The solver's name in specifications and results.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it chooses the number of evaluations itself: then <see cref="Sample"/> takes none.</summary>
    public virtual bool IsAdaptive => false;

    /// <summary>Whether it can make do with exactly that many evaluations.</summary>
    public virtual bool Takes(int nfe) => nfe >= 1;

    /// <summary>Samples for a batch of noise.</summary>
    /// <param name="velocity">The field.</param>
    /// <param name="noise">z₁, [batch, …].</param>
    /// <param name="nfe">How many times the field is evaluated, at least 1; null for an adaptive solver.</param>
    /// <param name="stepVelocities">When given, receives each step's velocity (z − next z) / h, first step first; see <see cref="Trajectory"/>.</param>
    /// <returns>z₀, the shape of <paramref name="noise"/>, in the caller's dispose scope.</returns>
    /// <exception cref="ArgumentOutOfRangeException">This solver cannot use that many evaluations.</exception>
    public abstract Tensor Sample(VelocityFunction velocity, Tensor noise, int? nfe, ICollection<Tensor>? stepVelocities = null);

    /// <summary>The evaluations asked for, when they suit this solver.</summary>
    private protected int Evaluations(int? nfe) => nfe is { } number && Takes(number)
        ? number
        : throw new ArgumentOutOfRangeException(nameof(nfe), nfe, $"{Name} cannot sample with that many evaluations.");
}
