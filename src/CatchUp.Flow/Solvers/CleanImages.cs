using static TorchSharp.torch;

namespace CatchUp.Flow.Solvers;

/// <summary>
/// Watches a solver's evaluations of the field and keeps what the first images of the batch would become from there by a straight
/// line: x̂₀ = z_t − t·v(z_t, t) (METHOD, "Notation"). One for each time: of two evaluations at one time, as Heun's method makes them,
/// the later is the one at the solver's own state.
/// </summary>
/// <param name="images">How many of the batch, from the first.</param>
public sealed class CleanImages(int images) : IDisposable
{
    private readonly List<(double Time, Tensor Estimate)> estimates = [];

    /// <summary>Times in the order in which the solver came by them, from 1 down.</summary>
    public IReadOnlyList<double> Times => [.. estimates.Select(estimate => estimate.Time)];

    /// <summary>x̂₀ at each of the times, [images, channels, height, width]; stays this object's to dispose.</summary>
    public IReadOnlyList<Tensor> Estimates => [.. estimates.Select(estimate => estimate.Estimate)];

    /// <summary>The same field, watched.</summary>
    public VelocityFunction Watch(VelocityFunction velocity) => (z, t) =>
    {
        var v = velocity(z, t);
        Keep(z, v, t);
        return v;
    };

    private void Keep(Tensor z, Tensor v, double t)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var estimate = z.narrow(0, 0, images).add(v.narrow(0, 0, images), -t).DetachFromDisposeScope();
        if (estimates is [.., var last] && last.Time == t)
        {
            last.Estimate.Dispose();
            estimates.RemoveAt(estimates.Count - 1);
        }

        estimates.Add((t, estimate));
    }

    public void Dispose() => estimates.ForEach(estimate => estimate.Estimate.Dispose());
}
