using CatchUp.Flow.Networks;
using CatchUp.Flow.Solvers;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Networks;

public sealed class AdmUNetTests
{
    private static AdmUNetOptions Options { get; } = new()
    {
        ImageSize = 8,
        InChannels = 1,
        OutChannels = 1,
        Channels = 32,
        ChannelMultipliers = [1, 2],
        Blocks = 1,
        AttentionResolutions = [4],
        ChannelsPerHead = 16,
        Classes = 3,
    };

    [Fact]
    public void New_network_begins_with_hardly_any_velocity_and_reaches_every_weight_with_its_gradient()
    {
        using var scope = NewDisposeScope();
        using var network = new AdmUNet(Options with { Heads = 3 });
        var labels = tensor(new long[] { 0, 1, 2 });

        var velocities = network.ForwardHeads(randn(3, 1, 8, 8), rand(3), labels);

        Assert.All(velocities, velocity => Assert.InRange(velocity.abs().max().item<float>(), 0, 1e-3));
        Assert.All(network.named_parameters(), item => Assert.True(item.parameter.isfinite().all().item<bool>(), item.name));
        Randomise(network);
        velocities = network.ForwardHeads(randn(3, 1, 8, 8), rand(3), labels);
        (velocities[0].square().sum() + velocities[1].square().sum() + velocities[2].square().sum()).backward();
        Assert.All(network.named_parameters(), item => Assert.True(item.parameter.grad!.abs().max().item<float>() > 0, item.name));
    }

    [Fact]
    public void New_norms_are_one_and_zero()
    {
        using var network = new AdmUNet(Options);

        foreach (var name in (string[])["input_blocks.1.0.in_layers.0", "input_blocks.3.0.out_layers.0", "middle_block.1.norm", "out.0"])
        {
            Assert.True(network.get_parameter($"{name}.weight")!.eq(1).all().item<bool>(), name);
            Assert.True(network.get_parameter($"{name}.bias")!.eq(0).all().item<bool>(), name);
        }
    }

    [Fact]
    public void Velocity_depends_on_the_class()
    {
        using var scope = NewDisposeScope();
        using var network = Create();
        var (z, t) = (randn(1, 1, 8, 8).expand(2, -1, -1, -1), full(2, 0.5));

        var velocity = network.Forward(z, t, tensor(new long[] { 0, 2 }));

        Assert.True(TestNetworks.LargestDifference(velocity[0], velocity[1]) > 0.01);
        Assert.Contains("the labels must be [2], one for each state, not missing", Assert.Throws<ArgumentException>(() => network.Forward(z, t)).Message, StringComparison.Ordinal);
        Assert.Contains("not [3]", Assert.Throws<ArgumentException>(() => network.Forward(z, t, zeros(3, ScalarType.Int64))).Message, StringComparison.Ordinal);
        using var without = Create(Options with { Classes = 0 });
        Assert.Contains("knows no classes", Assert.Throws<ArgumentException>(() => without.Forward(z, t, zeros(2, ScalarType.Int64))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Network_with_labels_computes_what_it_computes_when_given_them_and_can_be_disposed_alone()
    {
        using var scope = NewDisposeScope();
        using var network = Create(Options with { Heads = 2 });
        var (z, t, labels) = (randn(3, 1, 8, 8), rand(3), tensor(new long[] { 2, 0, 1 }));
        var expected = network.ForwardHead(z, t, 2, labels);

        using (var labelled = network.WithLabels(labels))
        {
            Assert.Equal(0, TestNetworks.LargestDifference(expected, labelled.ForwardHead(z, t, 2)));
            Assert.Equal(0, TestNetworks.LargestDifference(expected, labelled.ForwardHeads(z, t)[1]));
            Assert.Equal(0, TestNetworks.LargestDifference(network.Forward(z, ones(3), labels), NetworkVelocity.Of(labelled)(z, 1)));
            Assert.Equal((2, 3, 16, false), (labelled.Heads, labelled.Classes, labelled.TimeSteps, labelled.DiscreteTime));
            Assert.Equal(network.ImageShape, labelled.ImageShape);
            Assert.Same(labels, labelled.Labels);
            Assert.Throws<ArgumentException>(() => labelled.Forward(z[..2], t[..2]));
        }

        Assert.Null(network.Labels);
        Assert.Equal(0, TestNetworks.LargestDifference(expected, network.ForwardHead(z, t, 2, labels)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Prior_ShakeDrop_weighs_by_time_in_training_and_in_sampling(bool training)
    {
        using var scope = NewDisposeScope();
        using var without = Create();
        using var even = Create(Options with { PriorShakeDrop = true, Phi = 0.5 });
        using var uneven = Create(Options with { PriorShakeDrop = true, Phi = 0.75 });
        foreach (var network in new[] { without, even, uneven })
        {
            network.train(training);
        }

        var (z, labels) = (randn(1, 1, 8, 8), zeros(1, ScalarType.Int64));
        double Difference(AdmUNet network, double t) => TestNetworks.LargestDifference(without.Forward(z, full(1, t), labels), network.Forward(z, full(1, t), labels));

        Assert.InRange(Difference(even, 0.9), 0, 1e-5);
        Assert.InRange(Difference(uneven, 0.5), 0, 1e-5);
        Assert.True(Difference(uneven, 0.9) > 1e-3);
        Assert.True(Difference(uneven, 0.1) > 1e-3);
    }

    [Fact]
    public void Discrete_network_divides_its_index_by_N_for_embedding_and_ShakeDrop()
    {
        using var scope = NewDisposeScope();
        var options = Options with { PriorShakeDrop = true, Classes = 0 };
        using var continuous = Create(options);
        using var discrete = Create(options with { DiscreteTime = true, TimeSteps = 8 });
        var z = randn(2, 1, 8, 8);

        var expected = continuous.Forward(z, tensor(new[] { 0.25f, 1f }));

        Assert.InRange(TestNetworks.LargestDifference(expected, discrete.Forward(z, tensor(new[] { 2L, 8L }))), 0, 1e-5);
        Assert.True(TestNetworks.LargestDifference(expected, discrete.Forward(z, tensor(new[] { 3L, 8L }))) > 1e-4);
    }

    [Fact]
    public void Dropout_takes_part_in_training_only()
    {
        using var scope = NewDisposeScope();
        using var network = Create(Options with { Dropout = 0.5, Classes = 0 });
        using var without = Create(Options with { Classes = 0 });
        var (z, t) = (randn(2, 1, 8, 8), rand(2));

        Assert.True(TestNetworks.LargestDifference(network.Forward(z, t), network.Forward(z, t)) > 1e-3);
        network.eval();
        Assert.Equal(0, TestNetworks.LargestDifference(network.Forward(z, t), without.Forward(z, t)));
    }

    [Fact]
    public void Network_outlives_the_scope_it_was_made_in_and_moves_as_a_whole()
    {
        AdmUNet network;
        using (NewDisposeScope())
        {
            network = Create(Options with { Heads = 2 });
        }

        using var scope = NewDisposeScope();
        var (z, t, labels) = (randn(2, 1, 8, 8), rand(2), zeros(2, ScalarType.Int64));
        var single = network.ForwardHead(z, t, 2, labels);
        using (NewDisposeScope())
        {
            network.to(ScalarType.Float64);
        }

        var twice = network.ForwardHead(z.to(ScalarType.Float64), t.to(ScalarType.Float64), 2, labels);

        Assert.Equal(ScalarType.Float64, twice.dtype);
        Assert.InRange(TestNetworks.LargestDifference(single.to(ScalarType.Float64), twice), 0, 1e-4);
        network.Dispose();
    }

    [Fact]
    public void Forward_leaves_only_its_results_in_the_callers_scope_and_the_input_alone()
    {
        using var network = Create(Options with { Heads = 3 });
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (z, t, labels) = (randn(2, 1, 8, 8), rand(2), zeros(2, ScalarType.Int64));
        var copy = z.clone();
        var before = scope.DisposablesCount;

        network.ForwardHeads(z, t, labels);

        Assert.Equal(before + 3, scope.DisposablesCount);
        Assert.Equal(0, TestNetworks.LargestDifference(copy, z));
    }

    [Fact]
    public void Options_of_the_paper_are_possible()
    {
        var options = new AdmUNetOptions { ImageSize = 64, InChannels = 3, OutChannels = 3, AttentionResolutions = [32, 16, 8], Classes = 1000 };

        Assert.Empty(options.Problems());
    }

    [Fact]
    public void Impossible_options_are_refused_with_the_reason()
    {
        void Refused(AdmUNetOptions options, string reason) =>
            Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new AdmUNet(options)).Message, StringComparison.Ordinal);

        Refused(Options with { Channels = 48 }, "a multiple of 32");
        Refused(Options with { ChannelMultipliers = [1, 1, 1, 1, 1] }, "halve the side 8 4 times");
        Refused(Options with { AttentionResolutions = [16] }, "no blocks of resolution 16");
        Refused(Options with { ChannelsPerHead = 24 }, "64 channels at resolution 4 cannot be divided into attention heads of 24");
        Refused(Options with { Classes = -1 }, "classes");
        Refused(Options with { Heads = 4 }, "heads");
        Refused(Options with { ChannelMultipliers = [] }, "at least one channel multiplier");
    }

    private static AdmUNet Create(AdmUNetOptions? options = null)
    {
        random.manual_seed(1);
        var network = new AdmUNet(options ?? Options);
        Randomise(network);
        return network;
    }

    /// <summary>As <see cref="TestNetworks.Randomise"/>, with class vectors drawn last so that the other weights do not depend on them.</summary>
    private static void Randomise(AdmUNet network)
    {
        random.manual_seed(1);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (name, parameter) in network.named_parameters().OrderBy(item => item.name.StartsWith("label_emb", StringComparison.Ordinal)))
        {
            var noise = randn_like(parameter) * (parameter.dim() > 1 ? Math.Sqrt(1.0 / (parameter.numel() / parameter.shape[0])) : 0.2);
            parameter.copy_(parameter.dim() == 1 && name.EndsWith("weight", StringComparison.Ordinal) ? noise + 1 : noise);
        }

        if (network.Classes > 0)
        {
            network.get_parameter("label_emb.weight")!.normal_();
        }
    }
}
