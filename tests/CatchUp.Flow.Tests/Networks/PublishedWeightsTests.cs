using CatchUp.Flow.Networks;
using CatchUp.Flow.Parity;
using CatchUp.Flow.Tests.Parity;
using CatchUp.Flow.Weights;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Networks;

public sealed class PublishedWeightsTests
{
    /// <summary>The reference's own weights, wrapped as its training script saves them, give the reference's own velocity.</summary>
    [Theory]
    [InlineData("network-28-gray")]
    [InlineData("network-32-ncsnpp")]
    public void Published_songunet_gives_the_published_velocity(string name)
    {
        using var scope = NewDisposeScope();
        using var parityCase = OpenGolden(name);
        using var network = new SongUNet(SongUNetConfiguration.Read(ParityCase.Member(parityCase.Description, "config"), 1));

        PublishedWeights.Load(network, Published(parityCase, "module.model."));

        network.eval();
        var velocity = network.Forward(parityCase.Tensor("x"), parityCase.Tensor("t"));
        Assert.InRange(TestNetworks.LargestDifference(parityCase.Tensor("velocity"), velocity), 0, parityCase.Tolerance);
    }

    [Fact]
    public void Published_adm_with_attention_over_pixels_in_a_row_gives_the_published_velocities()
    {
        using var scope = NewDisposeScope();
        using var parityCase = OpenGolden("adm-16-three-heads");
        using var network = new AdmUNet(AdmUNetConfiguration.Read(ParityCase.Member(parityCase.Description, "config")));
        var published = Published(parityCase, "").ToDictionary(pair => pair.Key, pair => pair.Key.Contains("qkv.weight", StringComparison.Ordinal) || pair.Key.Contains("proj_out.weight", StringComparison.Ordinal) ? pair.Value.squeeze(-1) : pair.Value);
        Assert.Contains(published.Values, tensor => tensor.dim() == 3);

        PublishedWeights.Load(network, published);

        network.eval();
        var velocity = network.ForwardHead(parityCase.Tensor("x"), parityCase.Tensor("t"), 3, parityCase.Tensor("class"));
        Assert.InRange(TestNetworks.LargestDifference(parityCase.Tensor("velocity3"), velocity), 0, parityCase.Tolerance);
    }

    [Theory]
    [InlineData("")]
    [InlineData("module.")]
    [InlineData("model.")]
    [InlineData("_orig_mod.module.model.")]
    public void File_with_the_published_names_makes_another_network_compute_the_same(string prefix)
    {
        using var scope = NewDisposeScope();
        using var source = TestNetworks.Create(TestNetworks.Options with { ResampleFilter = [1, 3, 3, 1] }, seed: 1);
        using var target = TestNetworks.Create(TestNetworks.Options with { ResampleFilter = [1, 3, 3, 1] }, seed: 2);
        var published = NetworkWeights.Of(source)
            .Where(pair => !pair.Key.EndsWith("resample_filter", StringComparison.Ordinal))
            .ToDictionary(pair => prefix + pair.Key, pair => pair.Value);
        published.Add(prefix + "map_noise.freqs", ones(4));
        published.Add(prefix + "enc.8x8_block0.conv1.resample_filter", ones(1, 1, 2, 2));
        using var file = new MemoryStream();
        SafeTensors.Save(file, published);
        file.Position = 0;
        var (z, t) = (randn(2, 1, 8, 8), rand(2));
        Assert.True(TestNetworks.LargestDifference(source.Forward(z, t), target.Forward(z, t)) > 0.01);

        PublishedWeights.Load(target, SafeTensors.Load(file, "published"));

        Assert.Equal(0, TestNetworks.LargestDifference(source.Forward(z, t), target.Forward(z, t)));
    }

    [Fact]
    public void Half_precision_becomes_single()
    {
        using var scope = NewDisposeScope();
        using var source = TestNetworks.Create(seed: 1);
        using var target = TestNetworks.Create(seed: 2);

        PublishedWeights.Load(target, NetworkWeights.Of(source).ToDictionary(pair => pair.Key, pair => pair.Value.to(ScalarType.Float16)));

        Assert.All(target.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
        var (z, t) = (randn(2, 1, 8, 8), rand(2));
        Assert.InRange(TestNetworks.LargestDifference(source.Forward(z, t), target.Forward(z, t)), 1e-9, 1e-2);
    }

    [Fact]
    public void What_a_checkpoint_cannot_lack_or_add_is_named()
    {
        using var scope = NewDisposeScope();
        using var network = TestNetworks.Create(TestNetworks.Options with { Embedding = TimeEmbedding.Fourier });
        var published = NetworkWeights.Of(network).ToDictionary(pair => pair.Key, pair => pair.Value);
        published.Remove("map_noise.freqs");
        published.Add("map_label.weight", ones(1));

        var error = Assert.Throws<InvalidDataException>(() => PublishedWeights.Load(network, published));

        Assert.Contains("missing: map_noise.freqs", error.Message, StringComparison.Ordinal);
        Assert.Contains("unexpected: map_label.weight", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_resampling_filter_is_refused()
    {
        using var scope = NewDisposeScope();
        using var network = TestNetworks.Create(TestNetworks.Options with { ResampleFilter = [1, 3, 3, 1] });
        using var other = TestNetworks.Create(TestNetworks.Options with { ResampleFilter = [1, 1, 1, 1] });

        Assert.Contains("resampling filter", Assert.Throws<InvalidDataException>(() => PublishedWeights.Load(network, NetworkWeights.Of(other))).Message, StringComparison.Ordinal);
    }

    private static ParityCase OpenGolden(string name)
    {
        var parityCase = ParityCase.Open(Path.Combine(GoldenFolder.Require(), name), CPU);
        parityCase.LoadTensors();
        return parityCase;
    }

    private static Dictionary<string, Tensor> Published(ParityCase parityCase, string prefix) =>
        parityCase.TensorsUnder("param.").ToDictionary(item => prefix + item.Name, item => item.Value);
}
