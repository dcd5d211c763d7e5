using CatchUp.Flow.Networks;
using static TorchSharp.torch;

namespace CatchUp.Flow.Solvers;

/// <summary>Makes a network's head the velocity field of a solver.</summary>
public static class NetworkVelocity
{
    // Multiples of 1/NFE times N may fall short of a whole number by a rounding error.
    private const double RoundingError = 1e-9;

    /// <summary>The field of one head. A discrete-time network is fed ⌊t·N⌋, at least 1. No gradients are kept.</summary>
    /// <param name="network">The network; put it in evaluation mode first, or dropout takes part.</param>
    /// <param name="head">The head, from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The network has no such head.</exception>
    public static VelocityFunction Of(VelocityNetwork network, int head = 1)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(head, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(head, network.Heads);
        return (z, t) =>
        {
            using var noGradient = no_grad();
            var input = network.DiscreteTime ? Math.Clamp(Math.Floor(t * network.TimeSteps + RoundingError), 1, network.TimeSteps) : t;
            using var times = full(z.shape[0], input, dtype: z.dtype, device: z.device);
            return network.ForwardHead(z, times, head);
        };
    }
}
