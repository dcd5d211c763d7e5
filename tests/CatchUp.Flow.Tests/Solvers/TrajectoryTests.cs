using CatchUp.Flow.Solvers;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Solvers;

public sealed class TrajectoryTests
{
    [Fact]
    public void Straight_flow_has_straightness_zero_and_cosine_one()
    {
        using var scope = NewDisposeScope();
        var (noise, velocity) = (randn(3, 1, 4, 4), randn(3, 1, 4, 4));
        var velocities = new List<Tensor>();

        var sample = new EulerSolver().Sample((z, t) => velocity.clone(), noise, 5, velocities);
        var trajectory = Trajectory.Measure(velocities, noise, sample);

        Assert.Equal(5, trajectory.Cosines.Count);
        Assert.InRange(trajectory.Straightness, 0, 1e-10);
        Assert.All(trajectory.Cosines, cosine => Assert.Equal(1, cosine, 1e-6));
    }

    [Fact]
    public void Bent_flow_has_the_measures_worked_out_by_hand()
    {
        using var scope = NewDisposeScope();

        // First along x, then along y: the chord is (½, ½) and each step is off by (±½, ∓½). The second sample does not move in y.
        var first = tensor(new[] { 1.0, 0, 1, 0 }).view(2, 2);
        var second = tensor(new[] { 0.0, 1, 1, 0 }).view(2, 2);
        var noise = zeros(2, 2, dtype: ScalarType.Float64);
        var velocities = new List<Tensor>();

        var sample = new EulerSolver().Sample((z, t) => t > 0.75 ? first.clone() : second.clone(), noise, 2, velocities);
        var trajectory = Trajectory.Measure(velocities, noise, sample);

        Assert.Equal(0.25 / 2, trajectory.Straightness, 1e-12); // the second sample is straight
        Assert.All(trajectory.Cosines, cosine => Assert.Equal((Math.Sqrt(0.5) + 1) / 2, cosine, 1e-12));
    }

    [Fact]
    public void Opposite_velocity_has_cosine_minus_one()
    {
        using var scope = NewDisposeScope();
        var (noise, sample) = (ones(1, 3), zeros(1, 3));

        Assert.Equal(-1, Trajectory.Measure([-ones(1, 3)], noise, sample).Cosines[0], 1e-6);
        Assert.Equal(4, Trajectory.Measure([-ones(1, 3)], noise, sample).Straightness, 1e-6);
    }
}
