using CatchUp.Flow.Couplings;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Tests.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Couplings;

public sealed class LearnedCouplingTests
{
    private static SongUNetOptions Encoder { get; } = TestNetworks.Options with { OutChannels = 2 };

    [Fact]
    public void New_encoder_hardly_changes_the_noise()
    {
        using var scope = NewDisposeScope();
        using var encoder = new SongUNet(Encoder);
        var data = rand(4, 1, 8, 8);
        using var generator = new Generator(3);
        using var same = new Generator(3);

        var pairs = new LearnedCoupling(encoder, 20).Draw(data, generator);

        Assert.Same(data, pairs.Data);
        Assert.InRange(TestNetworks.LargestDifference(new IndependentCoupling().Draw(data, same).Noise, pairs.Noise), 1e-9, 1e-3);
        Assert.InRange(pairs.Loss!.ToDouble(), 0, 1e-4);
    }

    [Fact]
    public void Noise_has_the_mean_and_deviation_of_its_image()
    {
        using var scope = NewDisposeScope();
        using var encoder = TestNetworks.Create(Encoder);
        var coupling = new LearnedCoupling(encoder, 20);
        var data = rand(2, 1, 8, 8);

        var (mean, logVariance) = coupling.Encode(data);

        Assert.InRange(TestNetworks.LargestDifference(mean, coupling.Draw(data, zeros_like(data)).Noise), 0, 1e-6);
        Assert.InRange(TestNetworks.LargestDifference(mean + (logVariance / 2).exp(), coupling.Draw(data, ones_like(data)).Noise), 0, 1e-6);
        Assert.True(TestNetworks.LargestDifference(mean[0], mean[1]) > 0.01);
    }

    /// <summary>KL(N(1, 4) ‖ N(0, 1)) = ½(1 + 4 − 1 − ln 4), and 0 for N(0, 1) itself.</summary>
    [Fact]
    public void Divergence_is_that_of_normals_per_data_dimension()
    {
        using var scope = NewDisposeScope();

        var halfOfBoth = LearnedCoupling.KlDivergence(tensor(new[] { 1.0, 0 }), tensor(new[] { Math.Log(4), 0 }));

        Assert.Equal((4 - Math.Log(4)) / 4, halfOfBoth.ToDouble(), 12);
    }

    [Fact]
    public void Gradient_reaches_the_encoder_through_the_noise_alone_and_through_the_divergence_alone()
    {
        using var scope = NewDisposeScope();
        using var encoder = TestNetworks.Create(Encoder);
        var data = rand(2, 1, 8, 8);
        using var generator = new Generator(3);

        var pairs = new LearnedCoupling(encoder, 20).Draw(data, generator);
        pairs.Noise.square().sum().backward();
        Assert.All(encoder.named_parameters(), item => Assert.True(item.parameter.grad!.abs().max().item<float>() > 0, item.name));

        encoder.zero_grad();
        pairs = new LearnedCoupling(encoder, 20).Draw(data, generator);
        pairs.Loss!.backward();
        Assert.All(encoder.named_parameters(), item => Assert.True(item.parameter.grad!.abs().max().item<float>() > 0, item.name));
        Assert.Equal("kl", pairs.Terms.Single().Name);
        Assert.Equal(pairs.Loss!.ToDouble(), 20 * pairs.Terms.Single().Value.ToDouble(), 4);
        Assert.False(pairs.Terms.Single().Value.requires_grad);
    }

    [Fact]
    public void Drawing_leaves_only_its_results_in_the_callers_scope()
    {
        using var encoder = TestNetworks.Create(Encoder);
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var data = rand(2, 1, 8, 8);
        var before = scope.DisposablesCount;

        new LearnedCoupling(encoder, 20).Draw(data, generator);

        Assert.Equal(before + 3, scope.DisposablesCount);
    }

    [Fact]
    public void Network_that_gives_no_variance_is_refused()
    {
        using var network = TestNetworks.Create();

        Assert.Contains("twice its 1 input channels", Assert.Throws<ArgumentException>(() => new LearnedCoupling(network, 20)).Message, StringComparison.Ordinal);
    }
}
