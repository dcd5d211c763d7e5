using CatchUp.Flow.Networks;
using static TorchSharp.torch;

namespace CatchUp.Flow.Objectives;

/// <summary>The random numbers that an objective needs for one batch. Given from outside, an objective draws nothing itself.</summary>
/// <param name="Time">t, [batch]: in (ε, 1], or on the grid {1/N … 1} in discrete time. A time even then, never an index.</param>
/// <param name="Uniform">u ~ U(0, 1), [batch]: scales the step Δ of <see cref="DeltaStrategy.Uniform"/>.</param>
public sealed record TimeDraws(Tensor Time, Tensor Uniform)
{
    /// <summary>ε: the earliest time that is drawn or caught up with (METHOD, "Notation").</summary>
    public const double Epsilon = 1e-5;

    /// <summary>
    /// Draws for one batch: t ~ U(ε, 1], or uniform on {1/N … 1} for a discrete-time network, then u ~ U(0, 1). Both are
    /// always drawn, so that runs which differ in the Δ strategy alone see the same times.
    /// </summary>
    /// <param name="network">Says whether time is discrete, and N.</param>
    /// <param name="batch">Number of samples.</param>
    /// <param name="generator">A CPU generator: the draws are the same whatever the device.</param>
    /// <param name="device">Where the result goes; CPU when null.</param>
    public static TimeDraws Draw(VelocityNetwork network, long batch, Generator generator, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return network.DiscreteTime
            ? DrawOnGrid(1, network.TimeSteps, batch, generator, device)
            : Make(draw => 1 - draw * (1 - Epsilon), batch, generator, device); // draw is in [0, 1), so t is in (ε, 1]
    }

    /// <summary>Draws with t uniform on the part {first/N … 1} of the grid.</summary>
    /// <param name="first">Index of the earliest time, from 1.</param>
    /// <param name="timeSteps">N.</param>
    /// <inheritdoc cref="Draw"/>
    public static TimeDraws DrawOnGrid(int first, int timeSteps, long batch, Generator generator, Device? device = null) =>
        Make(draw => (draw * (timeSteps - first + 1)).floor_().add_(first).clamp_(first, timeSteps).div_(timeSteps), batch, generator, device);

    private static TimeDraws Make(Func<Tensor, Tensor> toTime, long batch, Generator generator, Device? device)
    {
        using var scope = NewDisposeScope();
        var time = toTime(rand(batch, dtype: ScalarType.Float32, generator: generator));
        var uniform = rand(batch, dtype: ScalarType.Float32, generator: generator);
        device ??= CPU;
        return new TimeDraws(time.to(device).MoveToOuterDisposeScope(), uniform.to(device).MoveToOuterDisposeScope());
    }
}
