using static TorchSharp.torch;

namespace CatchUp.Flow.Solvers;

/// <summary>Counts how often a velocity field is evaluated: the NFE, counted instead of promised.</summary>
public sealed class CountingVelocity(VelocityFunction inner)
{
    /// <summary>Evaluations so far, of whole batches.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Evaluates the field; a <see cref="VelocityFunction"/>.</summary>
    public Tensor Evaluate(Tensor z, double t)
    {
        Evaluations++;
        return inner(z, t);
    }
}
