using CatchUp.Flow.Networks;
using static TorchSharp.torch;

namespace CatchUp.Flow.Objectives;

/// <summary>A batch of times together with what the network is fed for them: the times, or indices n = t·N of the grid.</summary>
internal sealed class NetworkTime
{
    private readonly VelocityNetwork _network;

    /// <summary>Times as they were drawn.</summary>
    public NetworkTime(VelocityNetwork network, Tensor time)
    {
        _network = network;
        // Whole numbers are exact in the mask and in t − iΔ, where multiples of 1/N need not be.
        Position = network.DiscreteTime ? (time * network.TimeSteps).round() : time;
        Value = network.DiscreteTime ? Position / network.TimeSteps : time;
    }

    /// <summary>t itself, [batch].</summary>
    public Tensor Value { get; }

    /// <summary>What the network is fed at t.</summary>
    public Tensor Input => Clamp(Position);

    private Tensor Position { get; }

    /// <summary>What the network is fed at t − i·Δ, clamped to [earliest, 1] (indices: to [1, N]).</summary>
    /// <param name="i">How many steps back.</param>
    /// <param name="delta">Δ in time, [batch]; without effect in discrete time, where it is one index.</param>
    /// <param name="earliest">Where continuous time ends, ε unless said otherwise.</param>
    public Tensor InputBefore(int i, Tensor delta, double earliest = TimeDraws.Epsilon) =>
        Clamp(_network.DiscreteTime ? Position - i : Position - delta * i, earliest);

    /// <summary>Which samples have no room for <paramref name="steps"/> steps below them: t &lt; ε + steps·Δ, in discrete time t &lt; steps·Δ.</summary>
    public Tensor HasNoRoom(int steps, Tensor delta) => _network.DiscreteTime
        ? Position.lt(steps)
        : Position.lt(delta * steps + TimeDraws.Epsilon);

    private Tensor Clamp(Tensor position, double earliest = TimeDraws.Epsilon) => _network.DiscreteTime
        ? position.clamp(1, _network.TimeSteps)
        : position.clamp(earliest, 1);
}
