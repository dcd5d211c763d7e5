using CatchUp.Flow.Solvers;
using CatchUp.Flow.Tests.Networks;
using CatchUp.Flow.Tests.Objectives;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Solvers;

public sealed class EulerSolverTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    public void Field_is_evaluated_once_a_step_at_times_from_one_down_to_one_step(int nfe)
    {
        using var scope = NewDisposeScope();
        var times = new List<double>();
        var counting = new CountingVelocity((z, t) =>
        {
            times.Add(t);
            return zeros_like(z);
        });

        new EulerSolver().Sample(counting.Evaluate, randn(2, 3), nfe);

        Assert.Equal(nfe, counting.Evaluations);
        Assert.Equal(Enumerable.Range(0, nfe).Select(step => 1 - (double)step / nfe), times, (left, right) => Math.Abs(left - right) < 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Linear_field_gives_the_power_worked_out_by_hand_and_leaves_the_noise_alone(int nfe)
    {
        using var scope = NewDisposeScope();
        var noise = tensor(new[] { 2.0, -1.0 });

        var sample = new EulerSolver().Sample((z, t) => z, noise, nfe);

        Assert.Equal(2 * Math.Pow(1 - 1.0 / nfe, nfe), sample[0].item<double>(), 1e-12);
        Assert.Equal([2.0, -1.0], noise.data<double>().ToArray());
    }

    [Fact]
    public void Time_dependent_field_is_integrated_with_left_sums_from_the_noise_end()
    {
        using var scope = NewDisposeScope();

        var sample = new EulerSolver().Sample((z, t) => full_like(z, t), zeros(1, dtype: ScalarType.Float64), 4);

        Assert.Equal(-(1 + 0.75 + 0.5 + 0.25) / 4, sample.item<double>(), 1e-12);
    }

    [Fact]
    public void No_evaluation_at_all_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new EulerSolver().Sample((z, t) => z, zeros(1), 0));

    [Fact]
    public void Only_the_sample_and_the_wanted_velocities_stay_in_the_callers_scope()
    {
        using var network = TestNetworks.Create();
        using var scope = NewDisposeScope();
        var noise = randn(2, 1, 8, 8);
        var before = scope.DisposablesCount;

        new EulerSolver().Sample(NetworkVelocity.Of(network), noise, 5);
        Assert.Equal(before + 1, scope.DisposablesCount);

        new EulerSolver().Sample(NetworkVelocity.Of(network), noise, 5, []);
        Assert.Equal(before + 1 + 1 + 5, scope.DisposablesCount);
    }

    [Fact]
    public void Every_head_drives_its_own_samples_without_gradients()
    {
        using var scope = NewDisposeScope();
        using var network = TestNetworks.Create(TestNetworks.Options with { Heads = 3 });
        network.eval();
        var noise = randn(2, 1, 8, 8);

        for (var head = 1; head <= 3; head++)
        {
            var sample = new EulerSolver().Sample(NetworkVelocity.Of(network, head), noise, 1);
            Assert.False(sample.requires_grad);
            Assert.InRange(TestNetworks.LargestDifference(noise - network.ForwardHead(noise, ones(2), head), sample), 0, 1e-6);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkVelocity.Of(network, 4));
    }

    [Theory]
    [InlineData(16, 6, new double[] { 16, 13, 10, 8, 5, 2 })]
    [InlineData(10, 10, new double[] { 10, 9, 8, 7, 6, 5, 4, 3, 2, 1 })]
    [InlineData(4, 8, new double[] { 4, 3, 3, 2, 2, 1, 1, 1 })]
    public void Discrete_network_is_fed_the_whole_part_of_its_index_and_at_least_one(int timeSteps, int nfe, double[] indices)
    {
        using var scope = NewDisposeScope();
        using var network = new LinearNetwork(1, discreteTime: true, timeSteps: timeSteps);

        new EulerSolver().Sample(NetworkVelocity.Of(network), zeros(1, 1, 1, 1, dtype: ScalarType.Float64), nfe);

        Assert.Equal(indices, network.Passes.Select(pass => pass.Times[0]));
    }
}
