using CatchUp.Flow.Objectives;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Objectives;

public sealed class RectifiedFlowObjectiveTests
{
    [Fact]
    public void Loss_is_the_squared_distance_to_noise_minus_data_in_one_pass()
    {
        using var scope = NewDisposeScope();
        using var network = new LinearNetwork(1);
        const double t = 0.3;
        var (data, noise) = (full([1, 1, 1, 1], 0.5, dtype: ScalarType.Float64), full([1, 1, 1, 1], -0.25, dtype: ScalarType.Float64));

        var result = new RectifiedFlowObjective().Compute(network, data, noise, new TimeDraws(tensor(new[] { t }), tensor(new[] { 0.0 })), 0);

        var expected = Math.Pow(LinearNetwork.V(t * -0.25 + (1 - t) * 0.5, t) - (-0.25 - 0.5), 2);
        Assert.Equal(expected, result.Loss.item<double>(), 1e-12);
        var (name, value) = Assert.Single(result.Terms);
        Assert.Equal("ground_truth_1", name);
        Assert.Equal(expected, value.item<double>(), 1e-12);
        Assert.Single(network.Passes);
        Assert.Empty(result.Targets);
        result.Loss.backward();
        Assert.NotEqual(0, network.GradientOfA.item<double>());
    }

    [Fact]
    public void Discrete_network_is_fed_the_index()
    {
        using var scope = NewDisposeScope();
        using var network = new LinearNetwork(1, discreteTime: true, timeSteps: 10);
        var images = zeros(3, 1, 1, 1, dtype: ScalarType.Float64);

        // 0.7·10 is not quite 7 in single precision.
        new RectifiedFlowObjective().Compute(network, images, images, new TimeDraws(tensor(new[] { 0.1f, 0.7f, 1f }), zeros(3)), 0);

        Assert.Equal([1, 7, 10], network.Passes[0].Times);
    }

    [Fact]
    public void Wavelet_term_is_weighed_and_added()
    {
        using var scope = NewDisposeScope();
        using var network = new LinearNetwork(1);
        var (data, noise) = (rand(2, 1, 8, 8, dtype: ScalarType.Float64), randn(2, 1, 8, 8, dtype: ScalarType.Float64));
        var draws = new TimeDraws(tensor(new[] { 0.3, 0.8 }), tensor(new[] { 0.0, 0.0 }));

        var plain = new RectifiedFlowObjective().Compute(network, data, noise, draws, 0);
        var result = new RectifiedFlowObjective(waveletWeight: 2).Compute(network, data, noise, draws, 0);

        var wavelet = WaveletDetail.Distance(noise - result.Predictions[0], data).item<double>();
        Assert.Equal(plain.Loss.item<double>() + 2 * wavelet, result.Loss.item<double>(), 1e-12);
        Assert.Equal(["ground_truth_1", "wavelet"], result.Terms.Select(term => term.Name));
        Assert.Equal(wavelet, result.Terms[1].Value.item<double>(), 1e-12);
    }
}
