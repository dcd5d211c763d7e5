using static TorchSharp.torch;

namespace CatchUp.Flow.Solvers;

/// <summary>How straight the paths of a batch were (METHOD, "Trajectory measures").</summary>
/// <param name="Straightness">Mean over steps of MSE(step velocity, z₁ − x); 0 for a straight flow.</param>
/// <param name="Cosines">For each step, the cosine between its velocity and the chord z₁ − x, the mean over the batch.</param>
public sealed record Trajectory(double Straightness, IReadOnlyList<double> Cosines)
{
    /// <summary>Measures the paths from noise to samples.</summary>
    /// <param name="stepVelocities">Each step's velocity, as a <see cref="Solver"/> collects them; at least one.</param>
    /// <param name="noise">z₁, [batch, …].</param>
    /// <param name="samples">x, where the solver arrived; the same shape.</param>
    public static Trajectory Measure(IReadOnlyCollection<Tensor> stepVelocities, Tensor noise, Tensor samples)
    {
        ArgumentNullException.ThrowIfNull(stepVelocities);
        ArgumentOutOfRangeException.ThrowIfZero(stepVelocities.Count);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var chord = (noise - samples).flatten(1).to(ScalarType.Float64);
        var chordLength = chord.norm(1);
        var errors = new List<double>(stepVelocities.Count);
        var cosines = new List<double>(stepVelocities.Count);
        foreach (var stepVelocity in stepVelocities)
        {
            var v = stepVelocity.flatten(1).to(ScalarType.Float64);
            errors.Add((v - chord).square().mean().item<double>());
            var lengths = (v.norm(1) * chordLength).clamp_min(double.Epsilon);
            cosines.Add(((v * chord).sum(1) / lengths).mean().item<double>());
        }

        return new Trajectory(errors.Average(), cosines);
    }
}
