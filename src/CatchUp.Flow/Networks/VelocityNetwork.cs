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

    /// <summary>Classes that the velocity depends on; 0 when it knows none.</summary>
    public virtual int Classes => 0;

    /// <summary>
    /// The labels of the batch in hand, [batch] int64, of a network <see cref="WithLabels"/>; else null. Whoever passes a part of the
    /// batch or several copies of it, or asks another network about it, takes the labels from here.
    /// </summary>
    public virtual Tensor? Labels => null;

    /// <summary>What the torso computes in. No part of the weights: a network may change it between passes.</summary>
    public TorsoPrecision Precision { get; set; }

    /// <summary>Head 1's velocity.</summary>
    /// <param name="z">The states, [batch, channels, height, width].</param>
    /// <param name="t">The times, [batch]: in [0, 1], or indices 1..N when <see cref="DiscreteTime"/>.</param>
    /// <param name="labels">The classes, [batch] int64 in [0, <see cref="Classes"/>); none for a network without classes.</param>
    /// <returns>Velocities, the shape of <paramref name="z"/>.</returns>
    public Tensor Forward(Tensor z, Tensor t, Tensor? labels = null) => ForwardHead(z, t, 1, labels);

    /// <summary>One head's velocity; the other heads are not computed.</summary>
    /// <param name="z">As in <see cref="Forward"/>.</param>
    /// <param name="t">As in <see cref="Forward"/>.</param>
    /// <param name="head">The head, from 1.</param>
    /// <param name="labels">As in <see cref="Forward"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The network has no such head.</exception>
    public Tensor ForwardHead(Tensor z, Tensor t, int head, Tensor? labels = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(head, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(head, Heads);
        using var scope = NewDisposeScope();
        return ApplyHead(Features(z, t, labels), head).MoveToOuterDisposeScope();
    }

    /// <summary>The velocities of all heads, head 1 first, from one pass through the torso.</summary>
    /// <param name="z">As in <see cref="Forward"/>.</param>
    /// <param name="t">As in <see cref="Forward"/>.</param>
    /// <param name="labels">As in <see cref="Forward"/>.</param>
    public IReadOnlyList<Tensor> ForwardHeads(Tensor z, Tensor t, Tensor? labels = null)
    {
        using var scope = NewDisposeScope();
        var features = Features(z, t, labels);
        var velocities = new Tensor[Heads];
        for (var head = 1; head <= Heads; head++)
        {
            velocities[head - 1] = ApplyHead(features, head).MoveToOuterDisposeScope();
        }

        return velocities;
    }

    /// <summary>The torso's last features, the input of every head, in the type of <paramref name="z"/>.</summary>
    /// <param name="z">As in <see cref="Forward"/>.</param>
    /// <param name="t">As in <see cref="Forward"/>.</param>
    /// <param name="labels">As in <see cref="Forward"/>.</param>
    public abstract Tensor Features(Tensor z, Tensor t, Tensor? labels = null);

    /// <summary>
    /// This network with the classes of a batch filled in: objectives and solvers, which know states and times only, use it like
    /// one without classes. Disposing it leaves this network alone.
    /// </summary>
    /// <param name="labels">The classes, [batch] int64.</param>
    public VelocityNetwork WithLabels(Tensor labels) => new Labelled(this, labels);

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

    /// <summary>A state or an embedding as the torso takes it.</summary>
    private protected Tensor ToTorso(Tensor x) => Precision == TorsoPrecision.BFloat16 ? x.to(ScalarType.BFloat16) : x;

    /// <summary>The torso's result in the type of the state <paramref name="z"/> that it was given.</summary>
    private protected Tensor FromTorso(Tensor x, Tensor z) => Precision == TorsoPrecision.BFloat16 ? x.to(z.dtype) : x;

    /// <summary>Refuses what a pass cannot be made of.</summary>
    /// <exception cref="ArgumentException">A shape is not the network's, or labels are missing or not known to it.</exception>
    private protected void CheckInput(Tensor z, Tensor t, Tensor? labels)
    {
        ArgumentNullException.ThrowIfNull(z);
        ArgumentNullException.ThrowIfNull(t);
        if (z.dim() != 4 || !z.shape.AsSpan(1).SequenceEqual([.. ImageShape]))
        {
            throw new ArgumentException($"The states must be [batch, {string.Join(", ", ImageShape)}], not {Shape(z)}.", nameof(z));
        }

        if (t.dim() != 1 || t.shape[0] != z.shape[0])
        {
            throw new ArgumentException($"The times must be [{z.shape[0]}], one for each state, not {Shape(t)}.", nameof(t));
        }

        if (Classes == 0 && labels is not null)
        {
            throw new ArgumentException("The network knows no classes, so it takes no labels.", nameof(labels));
        }

        if (Classes > 0 && (labels is null || labels.dim() != 1 || labels.shape[0] != z.shape[0]))
        {
            throw new ArgumentException($"The network depends on {Classes} classes: the labels must be [{z.shape[0]}], one for each state, not {(labels is null ? "missing" : Shape(labels))}.", nameof(labels));
        }
    }

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    private sealed class Labelled(VelocityNetwork network, Tensor labels) : VelocityNetwork(nameof(Labelled))
    {
        public override int Heads => network.Heads;

        public override bool DiscreteTime => network.DiscreteTime;

        public override int TimeSteps => network.TimeSteps;

        public override IReadOnlyList<long> ImageShape => network.ImageShape;

        public override int Classes => network.Classes;

        public override Tensor Labels => labels;

        public override Tensor Features(Tensor z, Tensor t, Tensor? given = null) => network.Features(z, t, given ?? labels);

        protected override Tensor ApplyHead(Tensor features, int head) => network.ApplyHead(features, head);
    }
}
