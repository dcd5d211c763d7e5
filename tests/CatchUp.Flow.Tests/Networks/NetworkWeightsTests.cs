using CatchUp.Flow.Networks;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Networks;

public sealed class NetworkWeightsTests
{
    [Fact]
    public void Weights_of_one_network_make_another_compute_the_same()
    {
        using var scope = NewDisposeScope();
        var options = TestNetworks.Options with { Heads = 2, Embedding = TimeEmbedding.Fourier };
        using var source = TestNetworks.Create(options, seed: 1);
        using var target = TestNetworks.Create(options, seed: 2);
        var (z, t) = (randn(2, 1, 8, 8), rand(2));
        Assert.True(TestNetworks.LargestDifference(source.Forward(z, t), target.Forward(z, t)) > 0.01);

        NetworkWeights.Load(target, NetworkWeights.Of(source));

        Assert.Equal(0, TestNetworks.LargestDifference(source.ForwardHead(z, t, 2), target.ForwardHead(z, t, 2)));
        Assert.All(target.parameters(), parameter => Assert.True(parameter.requires_grad));
    }

    [Fact]
    public void Missing_unexpected_and_misshapen_tensors_are_named_and_nothing_is_changed()
    {
        using var scope = NewDisposeScope();
        using var network = TestNetworks.Create();
        var weights = NetworkWeights.Of(network).ToDictionary(pair => pair.Key, pair => zeros_like(pair.Value));
        weights.Remove("map_layer1.bias");
        weights["map_layer2.bias"] = zeros(1);
        weights["enc.8x8_conv.bias"] = zeros(9);

        var error = Assert.Throws<InvalidDataException>(() => NetworkWeights.Load(network, weights));

        Assert.Contains("missing: map_layer1.bias", error.Message, StringComparison.Ordinal);
        Assert.Contains("unexpected: map_layer2.bias", error.Message, StringComparison.Ordinal);
        Assert.Contains("enc.8x8_conv.bias ([9] instead of [8])", error.Message, StringComparison.Ordinal);
        Assert.True(network.get_parameter("map_layer0.weight")!.abs().max().item<float>() > 0);
    }

    [Fact]
    public void Long_lists_of_names_are_cut()
    {
        using var scope = NewDisposeScope();
        using var network = TestNetworks.Create();

        var error = Assert.Throws<InvalidDataException>(() => NetworkWeights.Load(network, new Dictionary<string, Tensor>()));

        Assert.Matches(@"missing: \S+, \S+, \S+, \S+, \S+ and \d+ more", error.Message);
    }

    [Fact]
    public void Weights_trained_with_another_resampling_filter_are_refused()
    {
        using var scope = NewDisposeScope();
        using var network = TestNetworks.Create(TestNetworks.Options with { ResampleFilter = [1, 3, 3, 1] });
        using var other = TestNetworks.Create(TestNetworks.Options with { ResampleFilter = [1, 1, 1, 1] });

        var error = Assert.Throws<InvalidDataException>(() => NetworkWeights.Load(network, NetworkWeights.Of(other)));

        Assert.Contains("resampling filter", error.Message, StringComparison.Ordinal);
        Assert.Contains("dec.8x8_up.conv0.resample_filter", error.Message, StringComparison.Ordinal);
    }
}
