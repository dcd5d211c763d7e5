using System.Globalization;
using static TorchSharp.torch;

namespace CatchUp.Flow.Solvers;

/// <summary>
/// The embedded Runge–Kutta pair of orders 5 and 4 (Dormand and Prince 1980) with step sizes of its own choice: a step is taken when
/// the root mean square over the whole batch of error / (atol + rtol·|z|) is below 1, else tried again shorter (Hairer, Nørsett and
/// Wanner 1993, II.4). State and error are in float64, whatever the field computes in. The flow ends at t = 10⁻³.
/// </summary>
/// <remarks>
/// A step is never shorter than a thousandth of the way, whatever its error: that bounds the cost over a field that jumps.
/// A field that is not a number makes the samples not a number.
/// </remarks>
public sealed class RungeKutta45Solver : Solver
{
    public const double DefaultTolerance = 1e-5;

    /// <summary>Where the flow ends.</summary>
    public const double EndTime = 1e-3;

    /// <summary>Evaluations of one step: the seventh stage is the next step's first.</summary>
    public const int EvaluationsAStep = 6;

    private const double ShortestStep = 1e-3, Safety = 0.9, LargestShrinking = 0.2, LargestGrowth = 10;

    // Row i: the stage's time, then what it takes of each earlier slope.
    private static readonly double[] Times = [0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1];

    private static readonly double[][] Stages =
    [
        [],
        [1.0 / 5],
        [3.0 / 40, 9.0 / 40],
        [44.0 / 45, -56.0 / 15, 32.0 / 9],
        [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
        [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
        [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
    ];

    // The last stage's weights are those of order 5; these are their difference from order 4.
    private static readonly double[] ErrorWeights = [71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40];

    private readonly double tolerance;

    /// <param name="tolerance">rtol and atol.</param>
    public RungeKutta45Solver(double tolerance = DefaultTolerance)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tolerance);
        this.tolerance = tolerance;
    }

    /// <summary>rk45, or rk45-0.001 with another tolerance than the usual one: their numbers are not the same.</summary>
    public override string Name => tolerance == DefaultTolerance ? "rk45" : string.Create(CultureInfo.InvariantCulture, $"rk45-{tolerance}");

    /// <inheritdoc/>
    public override bool IsAdaptive => true;

    /// <inheritdoc/>
    public override bool Takes(int nfe) => false;

    /// <inheritdoc/>
    public override Tensor Sample(VelocityFunction velocity, Tensor noise, int? nfe, ICollection<Tensor>? stepVelocities = null)
    {
        ArgumentNullException.ThrowIfNull(velocity);
        ArgumentNullException.ThrowIfNull(noise);
        if (nfe is not null)
        {
            throw new ArgumentOutOfRangeException(nameof(nfe), nfe, $"{Name} chooses the number of evaluations itself.");
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var z = noise.to(ScalarType.Float64).alias();
        var slope = Slope(z, 1);
        var h = FirstStep(z, slope);
        var t = 1.0;
        var shrunk = false;
        while (t > EndTime)
        {
            using var stepScope = NewDisposeScope();
            h = Math.Max(h, ShortestStep);
            var last = h >= t - EndTime;
            h = last ? t - EndTime : h;
            var (next, nextSlope, errors) = Step(z, slope, t, h);
            var error = Norm(errors, maximum(z.abs(), next.abs()));
            if (double.IsNaN(error))
            {
                return full_like(noise, double.NaN).MoveToOuterDisposeScope().MoveToOuterDisposeScope();
            }

            var factor = error == 0 ? LargestGrowth : Safety * Math.Pow(error, -1.0 / 5);
            if (error >= 1 && h > ShortestStep)
            {
                h *= Math.Max(LargestShrinking, factor);
                shrunk = true;
                continue;
            }

            stepVelocities?.Add(((z - next) / h).to(noise.dtype).MoveToOuterDisposeScope().MoveToOuterDisposeScope());
            z.Dispose();
            slope.Dispose();
            (z, slope) = (next.MoveToOuterDisposeScope(), nextSlope.MoveToOuterDisposeScope());
            t = last ? EndTime : t - h;
            h *= Math.Clamp(factor, LargestShrinking, shrunk ? 1 : LargestGrowth);
            shrunk = false;
        }

        return z.to(noise.dtype).MoveToOuterDisposeScope();

        Tensor Slope(Tensor state, double time) => velocity(state.to(noise.dtype), time).to(ScalarType.Float64).alias();

        (Tensor Next, Tensor Slope, Tensor Errors) Step(Tensor from, Tensor first, double time, double length)
        {
            var slopes = new List<Tensor> { first };
            var state = from;
            for (var stage = 1; stage < Stages.Length; stage++)
            {
                state = from.add(Combine(slopes, Stages[stage]), -length);
                slopes.Add(Slope(state, time - Times[stage] * length));
            }

            return (state, slopes[^1], Combine(slopes, ErrorWeights).mul_(length));
        }

        // A step that makes a hundredth of the state's size by Euler's method, corrected by the slope's own change.
        double FirstStep(Tensor from, Tensor first)
        {
            const double way = 1 - EndTime;
            var size = from.abs();
            var (stateNorm, slopeNorm) = (Norm(from, size), Norm(first, size));
            var guess = Math.Min(stateNorm < 1e-5 || slopeNorm < 1e-5 ? 1e-6 : 0.01 * stateNorm / slopeNorm, way);
            var bend = Norm(Slope(from.add(first, -guess), 1 - guess) - first, size) / guess;
            var steepest = Math.Max(slopeNorm, bend);
            var better = steepest <= 1e-15 ? Math.Max(1e-6, guess * 1e-3) : Math.Pow(0.01 / steepest, 1.0 / 5);
            return Math.Min(Math.Min(100 * guess, better), way);
        }
    }

    private static Tensor Combine(List<Tensor> slopes, double[] weights)
    {
        var sum = slopes[0].mul(weights[0]);
        for (var i = 1; i < weights.Length; i++)
        {
            sum.add_(slopes[i], weights[i]);
        }

        return sum;
    }

    /// <summary>Root mean square of values in units of what is tolerated.</summary>
    private double Norm(Tensor values, Tensor size) => (values / (size * tolerance + tolerance)).square().mean().sqrt().item<double>();
}
