using CatchUp.Flow.Solvers;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Solvers;

public sealed class CleanImagesTests
{
    [Fact]
    public void Estimates_are_the_state_less_time_times_velocity_and_the_last_is_eulers_sample()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        var noise = randn(3, 1, 4, 4);
        var states = new List<(Tensor Z, double T)>();
        using var clean = new CleanImages(2);

        var sample = new EulerSolver().Sample(
            clean.Watch((z, t) =>
            {
                states.Add((z.clone().MoveToOuterDisposeScope(), t));
                return (z * t).sin();
            }),
            noise, 4);

        Assert.Equal([1, 0.75, 0.5, 0.25], clean.Times);
        foreach (var ((z, t), estimate) in states.Zip(clean.Estimates))
        {
            Assert.Equal([2, 1, 4, 4], estimate.shape);
            Assert.True(estimate.allclose((z - (t * (z * t).sin())).narrow(0, 0, 2), 1e-6, 1e-6));
        }

        Assert.True(clean.Estimates[^1].equal(sample.narrow(0, 0, 2)).all().item<bool>());
    }

    [Fact]
    public void Heuns_steps_have_one_estimate_each_from_the_solvers_own_states()
    {
        using var scope = NewDisposeScope();
        var noise = full([1, 1, 1, 1], 2.0, dtype: ScalarType.Float64);
        var asked = new List<(double Z, double T)>();
        using var clean = new CleanImages(1);

        new HeunSolver().Sample(
            clean.Watch((z, t) =>
            {
                asked.Add((z.item<double>(), t));
                return z * z;
            }),
            noise, 5);

        Assert.Equal(5, asked.Count);
        Assert.Equal([1, 2.0 / 3, 1.0 / 3], clean.Times);
        Assert.Equal([asked[0], asked[2], asked[4]], clean.Times.Zip(new[] { asked[0].Z, asked[2].Z, asked[4].Z }, (t, z) => (z, t)));
        Assert.All(clean.Times.Zip(clean.Estimates).Zip(new[] { asked[0].Z, asked[2].Z, asked[4].Z }), pair => Assert.Equal(pair.Second - (pair.First.First * pair.Second * pair.Second), pair.First.Second.item<double>(), 1e-12));
    }

    [Fact]
    public void Watching_changes_nothing()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        var noise = randn(3, 1, 4, 4);
        using var clean = new CleanImages(3);

        var plain = MultistepSolver.Deis.Sample((z, t) => (z * t).cos(), noise, 5);
        var watched = MultistepSolver.Deis.Sample(clean.Watch((z, t) => (z * t).cos()), noise, 5);

        Assert.True(plain.equal(watched).all().item<bool>());
        Assert.Equal(5, clean.Estimates.Count);
    }
}
