using CatchUp.Flow.Couplings;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Networks;

/// <summary>A torso in bfloat16 over float32 weights. A bfloat16 has 8 significant bits: one rounding errs by up to 2⁻⁹ = 0.2 %.</summary>
public sealed class TorsoPrecisionTests
{
    public static TheoryData<string> Networks => ["songunet", "ncsnpp", "adm"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Loss_and_gradient_agree_with_single_precision_within_the_rounding_of_bfloat16(string kind)
    {
        using var scope = NewDisposeScope();
        using var network = Create(kind);
        var (single, half) = (LossAndGradient(network, TorsoPrecision.Full), LossAndGradient(network, TorsoPrecision.BFloat16));

        Assert.NotEqual(single.Loss, half.Loss);
        Assert.Equal(1, half.Loss / single.Loss, 0.01);
        Assert.InRange((half.Gradient - single.Gradient).norm().ToDouble() / single.Gradient.norm().ToDouble(), 1e-4, 0.05);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Weights_gradients_and_velocities_stay_in_single_precision(string kind)
    {
        using var scope = NewDisposeScope();
        using var network = Create(kind);
        network.Precision = TorsoPrecision.BFloat16;
        var (z, t) = (randn(2, 1, 8, 8), rand(2));

        var velocities = network.ForwardHeads(z, t);
        (velocities[0].square().sum() + velocities[1].square().sum()).backward();

        Assert.All(velocities, velocity => Assert.Equal(ScalarType.Float32, velocity.dtype));
        Assert.Equal(ScalarType.Float32, network.Features(z, t).dtype);
        Assert.All(network.parameters(), parameter => Assert.Equal((ScalarType.Float32, ScalarType.Float32), (parameter.dtype, parameter.grad!.dtype)));
    }

    [Fact]
    public void Precision_may_change_between_passes()
    {
        using var scope = NewDisposeScope();
        using var network = Create("songunet");
        var (z, t) = (randn(2, 1, 8, 8), rand(2));
        var before = network.Forward(z, t);
        network.Precision = TorsoPrecision.BFloat16;
        var half = network.Forward(z, t);
        network.Precision = TorsoPrecision.Full;

        Assert.Equal(0, TestNetworks.LargestDifference(before, network.Forward(z, t)));
        Assert.InRange(TestNetworks.LargestDifference(before, half), 1e-5, 0.1);
    }

    /// <summary>In bfloat16 itself the mean of such values, and with it everything normalised, would be off by whole units.</summary>
    [Fact]
    public void Normalisation_computes_in_single_precision()
    {
        using var scope = NewDisposeScope();
        var norm = GroupNormalization.OfSongUNet(8);
        var x = (randn(2, 8, 16, 16) + 100).to(ScalarType.BFloat16);

        var normalised = norm.Forward(x);

        Assert.Equal(ScalarType.BFloat16, normalised.dtype);
        Assert.True(normalised.equal(norm.Forward(x.to(ScalarType.Float32)).to(ScalarType.BFloat16)).all().item<bool>());
        Assert.True(norm.ForwardSiLU(x).equal(norm.ForwardSiLU(x.to(ScalarType.Float32)).to(ScalarType.BFloat16)).all().item<bool>());
    }

    [Fact]
    public void Noise_encoder_of_less_precision_draws_nearly_the_same_noise()
    {
        using var scope = NewDisposeScope();
        using var encoder = TestNetworks.Create(TestNetworks.Options with { OutChannels = 2 });
        var coupling = new LearnedCoupling(encoder, 20);
        var (data, xi) = (rand(2, 1, 8, 8), randn(2, 1, 8, 8));
        var single = coupling.Draw(data, xi);
        encoder.Precision = TorsoPrecision.BFloat16;
        var half = coupling.Draw(data, xi);

        Assert.Equal(ScalarType.Float32, half.Noise.dtype);
        Assert.InRange((half.Noise - single.Noise).norm().ToDouble() / single.Noise.norm().ToDouble(), 1e-5, 0.02);
        Assert.Equal(1, half.Loss!.ToDouble() / single.Loss!.ToDouble(), 0.02);
    }

    private static VelocityNetwork Create(string kind)
    {
        if (kind != "adm")
        {
            return TestNetworks.Create(kind == "ncsnpp"
                ? TestNetworks.Options with { Heads = 2, Encoder = EncoderKind.Residual, ResampleFilter = [1, 3, 3, 1], Embedding = TimeEmbedding.Fourier, PriorShakeDrop = true }
                : TestNetworks.Options with { Heads = 2, PriorShakeDrop = true });
        }

        random.manual_seed(1);
        var network = new AdmUNet(new AdmUNetOptions { ImageSize = 8, InChannels = 1, OutChannels = 1, Channels = 32, ChannelMultipliers = [1, 2], Blocks = 1, ChannelsPerHead = 32, Heads = 2, PriorShakeDrop = true });
        TestNetworks.Randomise(network);
        return network;
    }

    private static (double Loss, Tensor Gradient) LossAndGradient(VelocityNetwork network, TorsoPrecision precision)
    {
        random.manual_seed(2);
        network.Precision = precision;
        network.zero_grad();
        var (data, noise) = (rand(4, 1, 8, 8) * 2 - 1, randn(4, 1, 8, 8));
        var result = new CatchUpObjective(new CatchUpOptions { Order = CatchUpOrder.Rk23 }).Compute(network, data, noise, new TimeDraws(rand(4), rand(4)), 0);
        result.Loss.backward();
        return (result.Loss.ToDouble(), cat([.. network.parameters().Select(parameter => parameter.grad!.reshape(-1))]).clone());
    }
}
