using CatchUp.Flow.Networks;
using static TorchSharp.torch;

namespace CatchUp.Flow.Objectives;

/// <summary>What a velocity network is trained to do on a batch of pairs (z₀ = data, z₁ = noise).</summary>
public abstract class Objective
{
    /// <summary>Output heads that this objective trains; the network must have exactly these.</summary>
    public abstract int Heads { get; }

    /// <summary>The random numbers of one batch.</summary>
    /// <inheritdoc cref="TimeDraws.Draw"/>
    public virtual TimeDraws Draw(VelocityNetwork network, long batch, Generator generator, Device? device = null) =>
        TimeDraws.Draw(network, batch, generator, device);

    /// <summary>The loss on one batch.</summary>
    /// <param name="network">The network, in training mode for dropout. Slopes and targets of catching up come from it too, not from its EMA.</param>
    /// <param name="data">z₀ in [-1, 1], [batch, channels, height, width].</param>
    /// <param name="noise">z₁, the same shape.</param>
    /// <param name="draws">Times and uniform draws, [batch] each.</param>
    /// <param name="progress">Training progress in [0, 1]: step / iterations.</param>
    /// <exception cref="ArgumentException">The network's heads or time grid are not this objective's.</exception>
    public ObjectiveResult Compute(VelocityNetwork network, Tensor data, Tensor noise, TimeDraws draws, double progress)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(noise);
        ArgumentNullException.ThrowIfNull(draws);
        if (network.Heads != Heads)
        {
            throw new ArgumentException($"The objective trains {Heads} output heads, the network has {network.Heads}.", nameof(network));
        }

        using var scope = NewDisposeScope();
        var result = ComputeCore(network, data, noise, draws, progress);
        result.Loss.MoveToOuterDisposeScope();
        foreach (var tensor in result.Predictions.Concat(result.Targets).Concat(result.Terms.Select(term => term.Value)))
        {
            tensor.MoveToOuterDisposeScope();
        }

        return result;
    }

    /// <inheritdoc cref="Compute"/>
    protected abstract ObjectiveResult ComputeCore(VelocityNetwork network, Tensor data, Tensor noise, TimeDraws draws, double progress);

    /// <summary>Holds a discrete-time network against an objective's time grid.</summary>
    /// <exception cref="ArgumentException">The network divides time otherwise.</exception>
    private protected static void CheckGrid(VelocityNetwork network, int timeSteps, string name)
    {
        if (network.DiscreteTime && network.TimeSteps != timeSteps)
        {
            throw new ArgumentException($"The network divides time into {network.TimeSteps} steps, the objective into {timeSteps}.", name);
        }
    }

    /// <summary>z_t = t·z₁ + (1 − t)·z₀.</summary>
    private protected static Tensor Interpolate(Tensor z_0, Tensor z_1, Tensor t)
    {
        var weight = t.to(z_0.dtype).view(-1, 1, 1, 1);
        return weight * z_1 + (1 - weight) * z_0;
    }
}
