using static TorchSharp.torch;

namespace CatchUp.Flow.Networks;

/// <summary>
/// A velocity network v(z, t) with one torso and 1 to 3 output heads. Head 1 is the network's own output; further heads
/// predict the velocities that RK23 and RK34 catch up with (METHOD, "The catch-up objective").
/// </summary>
public abstract class VelocityNetwork(string name) : nn.Module(name)
{
    /// <summary>Number of output heads, 1 to 3.</summary>
    public abstract int Heads { get; }

    /// <summary>True when the network is fed indices n of the grid n/N, 1 ≤ n ≤ N, instead of times t in [0, 1].</summary>
    public abstract bool DiscreteTime { get; }

    /// <summary>N of the time grid: what a discrete-time network divides its indices by.</summary>
    public abstract int TimeSteps { get; }

    /// <summary>Shape of one image, [channels, height, width].</summary>
    public abstract IReadOnlyList<long> ImageShape { get; }

    /// <summary>Head 1's velocity.</summary>
    /// <param name="z">The states, [batch, channels, height, width].</param>
    /// <param name="t">The times, [batch]: in [0, 1], or indices 1..N when <see cref="DiscreteTime"/>.</param>
    /// <returns>Velocities, the shape of <paramref name="z"/>.</returns>
    public Tensor Forward(Tensor z, Tensor t) => ForwardHead(z, t, 1);

    /// <summary>One head's velocity; the other heads are not computed.</summary>
    /// <param name="z">As in <see cref="Forward"/>.</param>
    /// <param name="t">As in <see cref="Forward"/>.</param>
    /// <param name="head">The head, from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The network has no such head.</exception>
    public Tensor ForwardHead(Tensor z, Tensor t, int head)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(head, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(head, Heads);
        using var scope = NewDisposeScope();
        return ApplyHead(Features(z, t), head).MoveToOuterDisposeScope();
    }

    /// <summary>The velocities of all heads, head 1 first, from one pass through the torso.</summary>
    /// <param name="z">As in <see cref="Forward"/>.</param>
    /// <param name="t">As in <see cref="Forward"/>.</param>
    public IReadOnlyList<Tensor> ForwardHeads(Tensor z, Tensor t)
    {
        using var scope = NewDisposeScope();
        var features = Features(z, t);
        var velocities = new Tensor[Heads];
        for (var head = 1; head <= Heads; head++)
        {
            velocities[head - 1] = ApplyHead(features, head).MoveToOuterDisposeScope();
        }

        return velocities;
    }

    /// <summary>The torso's last features, the input of every head.</summary>
    /// <param name="z">As in <see cref="Forward"/>.</param>
    /// <param name="t">As in <see cref="Forward"/>.</param>
    public abstract Tensor Features(Tensor z, Tensor t);

    /// <summary>
    /// Takes the weights out of whatever dispose scope the network is made in; call at the end of a constructor. TorchSharp
    /// would dispose them with that scope, under a network that lives on.
    /// </summary>
    private protected void KeepWeights()
    {
        foreach (var weight in NetworkWeights.Of(this).Values)
        {
            weight.DetachFromDisposeScope();
        }
    }

    /// <summary>One head on the torso's features: a velocity in image space.</summary>
    protected abstract Tensor ApplyHead(Tensor features, int head);
}
