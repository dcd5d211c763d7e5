using CatchUp.Flow.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Networks;

public sealed class SongUNetTests
{
    [Fact]
    public void New_network_has_group_norms_of_one_and_zero_and_finite_weights_throughout()
    {
        using var scope = NewDisposeScope();

        // Memory that was used before shows a weight that nobody set.
        for (var round = 0; round < 20; round++)
        {
            using var rubbish = full(64, double.NaN, dtype: ScalarType.Float32);
        }

        using var network = new SongUNet(TestNetworks.Options with { Heads = 3 });

        var norms = 0;
        foreach (var (name, parameter) in network.named_parameters())
        {
            Assert.True(parameter.isfinite().all().item<bool>(), name);
            if (name.Contains("norm", StringComparison.Ordinal) || name.Contains("block.0.", StringComparison.Ordinal))
            {
                norms++;
                Assert.True(parameter.eq(name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0).all().item<bool>(), name);
            }
            else if (name.EndsWith("bias", StringComparison.Ordinal))
            {
                Assert.True(parameter.eq(0).all().item<bool>(), name);
            }
            else
            {
                Assert.True(parameter.std().item<float>() > 0, name);
            }
        }

        Assert.True(norms > 30, $"{norms} norms");
    }

    [Fact]
    public void New_network_begins_with_hardly_any_velocity_and_reaches_every_weight_with_its_gradient()
    {
        using var scope = NewDisposeScope();
        using var network = new SongUNet(TestNetworks.Options with { Heads = 2 });

        var velocities = network.ForwardHeads(randn(2, 1, 8, 8), rand(2));
        (velocities[0].sum() + velocities[1].sum()).backward();

        Assert.All(velocities, velocity => Assert.InRange(velocity.abs().max().item<float>(), 0, 1e-3));
        Assert.All(network.named_parameters(), item => Assert.True(item.parameter.grad is { } gradient && gradient.isfinite().all().item<bool>(), item.name));
        TestNetworks.Randomise(network);
        network.zero_grad();
        velocities = network.ForwardHeads(randn(2, 1, 8, 8), rand(2));
        (velocities[0].square().sum() + velocities[1].square().sum()).backward();
        Assert.All(network.named_parameters(), item => Assert.True(item.parameter.grad!.abs().max().item<float>() > 0, item.name));
    }

    [Fact]
    public void Same_seed_gives_the_same_new_weights()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(5);
        using var first = new SongUNet(TestNetworks.Options);
        random.manual_seed(5);
        using var second = new SongUNet(TestNetworks.Options);
        random.manual_seed(6);
        using var third = new SongUNet(TestNetworks.Options);

        var name = "dec.8x8_block1.conv1.weight";
        Assert.Equal(0, TestNetworks.LargestDifference(first.get_parameter(name)!, second.get_parameter(name)!));
        Assert.NotEqual(0, TestNetworks.LargestDifference(first.get_parameter(name)!, third.get_parameter(name)!));
    }

    [Fact]
    public void Names_are_those_of_the_published_weights()
    {
        using var network = new SongUNet(TestNetworks.Options with { Heads = 3, Embedding = TimeEmbedding.Fourier, Encoder = EncoderKind.Residual, ResampleFilter = [1, 3, 3, 1] });

        var names = NetworkWeights.Of(network).Keys;

        Assert.Superset(
            new HashSet<string>
            {
                "map_noise.freqs", "map_layer0.weight", "map_layer1.bias", "enc.8x8_conv.weight", "enc.8x8_block0.affine.weight", "enc.4x4_down.conv0.resample_filter",
                "enc.4x4_down.skip.resample_filter", "enc.4x4_aux_residual.weight", "enc.4x4_block0.qkv.weight", "dec.4x4_in0.proj.bias", "dec.4x4_in1.norm1.bias", "dec.4x4_block1.norm2.weight",
                "dec.8x8_up.conv0.resample_filter", "dec.8x8_block1.skip.weight", "dec.8x8_aux_norm.weight", "dec.8x8_aux_conv.bias", "head2.block.0.weight", "head3.block.2.bias",
            },
            names.ToHashSet());
        Assert.DoesNotContain("dec.4x4_block0.qkv.weight", names);
        Assert.DoesNotContain("dec.4x4_in1.qkv.weight", names);
        Assert.DoesNotContain("enc.8x8_block0.qkv.weight", names);
    }

    /// <summary>METHOD, "The paper's settings". On 28×28 pixels no resolution is 16, so that only the decoder's first block has attention.</summary>
    [Theory]
    [InlineData(32, 3, 128, 4, new[] { 16 }, 55.7)]
    [InlineData(28, 1, 32, 2, new[] { 16 }, 2.16)]
    public void Networks_of_the_paper_have_the_published_sizes(int side, int channels, int width, int blocks, int[] attention, double millions)
    {
        using var network = new SongUNet(new SongUNetOptions { ImageSize = side, InChannels = channels, OutChannels = channels, Channels = width, Blocks = blocks, AttentionResolutions = attention });

        Assert.Equal(millions, network.parameters().Sum(parameter => parameter.numel()) / 1e6, 0.005 * millions);
    }

    [Fact]
    public void Every_head_gives_the_same_velocity_alone_as_with_the_others()
    {
        using var scope = NewDisposeScope();
        using var network = TestNetworks.Create(TestNetworks.Options with { Heads = 3 });
        var (z, t) = (randn(2, 1, 8, 8), rand(2));

        var all = network.ForwardHeads(z, t);

        Assert.Equal(3, all.Count);
        Assert.Equal(0, TestNetworks.LargestDifference(all[0], network.Forward(z, t)));
        for (var head = 1; head <= 3; head++)
        {
            Assert.Equal(0, TestNetworks.LargestDifference(all[head - 1], network.ForwardHead(z, t, head)));
        }

        Assert.True(TestNetworks.LargestDifference(all[0], all[1]) > 0.01);
        Assert.True(TestNetworks.LargestDifference(all[1], all[2]) > 0.01);
        Assert.Throws<ArgumentOutOfRangeException>(() => network.ForwardHead(z, t, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => network.ForwardHead(z, t, 4));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Prior_ShakeDrop_weighs_by_time_in_training_and_in_sampling(bool training)
    {
        using var scope = NewDisposeScope();
        using var without = TestNetworks.Create();
        using var even = TestNetworks.Create(TestNetworks.Options with { PriorShakeDrop = true, Phi = 0.5 });
        using var uneven = TestNetworks.Create(TestNetworks.Options with { PriorShakeDrop = true, Phi = 0.75 });
        foreach (var network in new[] { without, even, uneven })
        {
            network.train(training);
        }

        var z = randn(1, 1, 8, 8);
        double Difference(SongUNet network, float t) => TestNetworks.LargestDifference(without.Forward(z, tensor(new[] { t })), network.Forward(z, tensor(new[] { t })));

        // φ = ½ weighs both sides by 1 at any time; any other φ does so at t = ½ only.
        Assert.InRange(Difference(even, 0.9f), 0, 1e-6);
        Assert.InRange(Difference(uneven, 0.5f), 0, 1e-6);
        Assert.True(Difference(uneven, 0.9f) > 1e-3);
        Assert.True(Difference(uneven, 0.1f) > 1e-3);
    }

    [Fact]
    public void Patches_are_folded_around_the_whole_network()
    {
        using var scope = NewDisposeScope();
        using var patched = TestNetworks.Create(TestNetworks.Options with { ImageSize = 16, PatchSize = 2, Heads = 2 });
        using var plain = TestNetworks.Create(TestNetworks.Options with { InChannels = 4, OutChannels = 4, Heads = 2 });
        var (z, t) = (randn(2, 1, 16, 16), rand(2));

        var velocities = patched.ForwardHeads(z, t);
        var expected = plain.ForwardHeads(nn.functional.pixel_unshuffle(z, 2), t);

        Assert.Equal(NetworkWeights.Of(plain).Keys.Order(), NetworkWeights.Of(patched).Keys.Order());
        Assert.Equal([1, 16, 16], patched.ImageShape);
        for (var head = 0; head < 2; head++)
        {
            Assert.Equal(0, TestNetworks.LargestDifference(nn.functional.pixel_shuffle(expected[head], 2), velocities[head]));
        }
    }

    [Fact]
    public void Discrete_network_divides_its_index_by_N_for_embedding_and_ShakeDrop()
    {
        using var scope = NewDisposeScope();
        var options = TestNetworks.Options with { PriorShakeDrop = true };
        using var continuous = TestNetworks.Create(options);
        using var discrete = TestNetworks.Create(options with { DiscreteTime = true, TimeSteps = 8 });
        var z = randn(2, 1, 8, 8);

        var expected = continuous.Forward(z, tensor(new[] { 0.25f, 1f }));

        Assert.InRange(TestNetworks.LargestDifference(expected, discrete.Forward(z, tensor(new[] { 2L, 8L }))), 0, 1e-6);
        Assert.InRange(TestNetworks.LargestDifference(expected, discrete.Forward(z, tensor(new[] { 2f, 8f }))), 0, 1e-6);
        Assert.True(TestNetworks.LargestDifference(expected, discrete.Forward(z, tensor(new[] { 3f, 8f }))) > 1e-4);
    }

    [Fact]
    public void Dropout_takes_part_in_training_only()
    {
        using var scope = NewDisposeScope();
        using var network = TestNetworks.Create(TestNetworks.Options with { Dropout = 0.5 });
        using var without = TestNetworks.Create();
        var (z, t) = (randn(2, 1, 8, 8), rand(2));

        Assert.True(TestNetworks.LargestDifference(network.Forward(z, t), network.Forward(z, t)) > 1e-3);
        network.eval();
        Assert.Equal(0, TestNetworks.LargestDifference(network.Forward(z, t), without.Forward(z, t)));
    }

    [Fact]
    public void Samples_of_a_batch_do_not_see_each_other()
    {
        using var scope = NewDisposeScope();
        using var network = TestNetworks.Create();
        network.eval();
        var (z, t) = (randn(3, 1, 8, 8), rand(3));

        var together = network.Forward(z, t);

        Assert.InRange(TestNetworks.LargestDifference(together.narrow(0, 1, 1), network.Forward(z.narrow(0, 1, 1), t.narrow(0, 1, 1))), 0, 1e-5);
    }

    [Fact]
    public void Without_gradient_the_velocity_is_the_same_and_the_input_is_left_alone()
    {
        using var scope = NewDisposeScope();
        using var network = TestNetworks.Create(TestNetworks.Options with { Encoder = EncoderKind.Residual, ResampleFilter = [1, 3, 3, 1] });
        var (z, t) = (randn(2, 1, 8, 8), rand(2));
        var (before, beforeTimes) = (z.clone(), t.clone());

        var withGradient = network.Forward(z, t);
        using var noGradient = no_grad();
        var without = network.Forward(z, t);

        Assert.Equal(0, TestNetworks.LargestDifference(withGradient, without));
        Assert.Equal(0, TestNetworks.LargestDifference(before, z));
        Assert.Equal(0, TestNetworks.LargestDifference(beforeTimes, t));
    }

    [Theory]
    [InlineData(TimeEmbedding.Positional)]
    [InlineData(TimeEmbedding.Fourier)]
    public void Network_outlives_the_scope_it_was_made_in_and_moves_as_a_whole(TimeEmbedding embedding)
    {
        SongUNet network;
        using (NewDisposeScope())
        {
            network = TestNetworks.Create(TestNetworks.Options with { Embedding = embedding, ResampleFilter = [1, 3, 3, 1], Heads = 2 });
        }

        using var scope = NewDisposeScope();
        var (z, t) = (randn(2, 1, 8, 8), rand(2));
        var single = network.ForwardHead(z, t, 2);

        using (NewDisposeScope())
        {
            network.to(ScalarType.Float64);
        }

        var twice = network.ForwardHead(z.to(ScalarType.Float64), t.to(ScalarType.Float64), 2);

        Assert.Equal(ScalarType.Float64, twice.dtype);
        Assert.InRange(TestNetworks.LargestDifference(single.to(ScalarType.Float64), twice), 0, 1e-4);
        network.Dispose();
    }

    [Fact]
    public void Forward_leaves_only_its_result_in_the_callers_scope()
    {
        using var network = TestNetworks.Create(TestNetworks.Options with { Heads = 3 });
        using var scope = NewDisposeScope();
        var (z, t) = (randn(2, 1, 8, 8), rand(2));
        var before = scope.DisposablesCount;

        network.ForwardHeads(z, t);

        Assert.Equal(before + 3, scope.DisposablesCount);
    }

    [Fact]
    public void Wrong_shapes_are_refused_with_both_shapes()
    {
        using var scope = NewDisposeScope();
        using var network = TestNetworks.Create();

        Assert.Contains("[batch, 1, 8, 8], not [2, 1, 8, 9]", Assert.Throws<ArgumentException>(() => network.Forward(randn(2, 1, 8, 9), rand(2))).Message, StringComparison.Ordinal);
        Assert.Contains("must be [2]", Assert.Throws<ArgumentException>(() => network.Forward(randn(2, 1, 8, 8), rand(3))).Message, StringComparison.Ordinal);
    }
}
