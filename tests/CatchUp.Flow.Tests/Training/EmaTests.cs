using CatchUp.Flow.Networks;
using CatchUp.Flow.Tests.Networks;
using CatchUp.Flow.Training;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Training;

public sealed class EmaTests
{
    private const string Name = "map_layer1.weight";

    [Fact]
    public void Average_starts_at_the_weights_and_moves_by_one_minus_decay()
    {
        using var scope = NewDisposeScope();
        using var network = TestNetworks.Create();
        using var ema = new Ema(network, new EmaOptions { Decay = 0.9 });
        var start = network.get_parameter(Name)!.detach().clone();
        Assert.Equal(0, TestNetworks.LargestDifference(start, ema.Weights()[Name]));

        Shift(network, 1);
        ema.Update(0);
        Assert.InRange(TestNetworks.LargestDifference(start + 0.1, ema.Weights()[Name]), 0, 1e-6);

        ema.Update(1);
        Assert.InRange(TestNetworks.LargestDifference(start + 0.19, ema.Weights()[Name]), 0, 1e-6);
    }

    [Fact]
    public void Warmup_starts_with_a_short_memory_and_ends_at_the_decay()
    {
        using var network = TestNetworks.Create();
        using var with = new Ema(network, new EmaOptions { Decay = 0.99, Warmup = true });
        using var without = new Ema(network, new EmaOptions { Decay = 0.99 });

        Assert.Equal([0.1, 2.0 / 11, 0.5, 0.99], new long[] { 0, 1, 8, 100_000 }.Select(with.Decay));
        Assert.Equal(0.99, without.Decay(0));
    }

    [Fact]
    public void Snapshot_has_every_name_of_the_network_and_goes_into_another()
    {
        using var scope = NewDisposeScope();
        var options = TestNetworks.Options with { Heads = 2, Embedding = TimeEmbedding.Fourier };
        using var network = TestNetworks.Create(options);
        using var sampler = TestNetworks.Create(options, seed: 2);
        using var ema = new Ema(network, new EmaOptions { Decay = 0.5 });
        Shift(network, 1);
        ema.Update(0);

        ema.CopyTo(sampler);

        Assert.Equal(NetworkWeights.Of(network).Keys.Order(), ema.Weights().Keys.Order());
        Assert.InRange(TestNetworks.LargestDifference(network.get_parameter(Name)! - 0.5, sampler.get_parameter(Name)!), 0, 1e-6);
        Assert.Equal(0, TestNetworks.LargestDifference(NetworkWeights.Of(network)["map_noise.freqs"], NetworkWeights.Of(sampler)["map_noise.freqs"]));
    }

    [Fact]
    public void Loaded_average_goes_on_with_the_same_bits()
    {
        using var scope = NewDisposeScope();
        using var network = TestNetworks.Create();
        using var ema = new Ema(network, new EmaOptions { Decay = 0.9 });
        Shift(network, 0.3);
        ema.Update(0);
        using var resumed = new Ema(network, new EmaOptions { Decay = 0.9 });

        resumed.Load(ema.Weights());
        Shift(network, 0.3);
        ema.Update(1);
        resumed.Update(1);

        Assert.All(ema.Weights(), pair => Assert.Equal(0, TestNetworks.LargestDifference(pair.Value, resumed.Weights()[pair.Key])));
    }

    [Fact]
    public void Average_of_another_network_is_refused()
    {
        using var scope = NewDisposeScope();
        using var network = TestNetworks.Create();
        using var ema = new Ema(network, new EmaOptions());
        var weights = ema.Weights();
        weights.Remove(Name);

        Assert.Contains(Name, Assert.Throws<InvalidDataException>(() => ema.Load(weights)).Message, StringComparison.Ordinal);
    }

    private static void Shift(SongUNet network, double by)
    {
        using var noGradient = no_grad();
        foreach (var parameter in network.parameters())
        {
            parameter.add_(by);
        }
    }
}
