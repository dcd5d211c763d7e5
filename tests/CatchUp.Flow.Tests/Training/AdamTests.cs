using CatchUp.Flow.Networks;
using CatchUp.Flow.Tests.Networks;
using CatchUp.Flow.Training;
using CatchUp.Flow.Weights;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Training;

public sealed class AdamTests
{
    [Fact]
    public void Updates_are_those_of_torchs_own_Adam()
    {
        using var scope = NewDisposeScope();
        using var own = TestNetworks.Create();
        using var reference = TestNetworks.Create();
        using var adam = new Adam(own, new AdamOptions { LearningRate = 1e-2, Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-6 });
        using var torchs = optim.Adam(reference.parameters(), lr: 1e-2, beta1: 0.8, beta2: 0.95, eps: 1e-6);

        for (var step = 0; step < 5; step++)
        {
            random.manual_seed(step);
            adam.ZeroGradients();
            Backward(own);
            adam.Step();
            random.manual_seed(step);
            torchs.zero_grad();
            Backward(reference);
            torchs.step();
        }

        foreach (var ((name, left), (_, right)) in own.named_parameters().Zip(reference.named_parameters()))
        {
            Assert.True(TestNetworks.LargestDifference(left, right) < 1e-5, name);
        }
    }

    [Fact]
    public void Learning_rate_rises_linearly_from_zero_and_the_first_step_changes_nothing()
    {
        using var scope = NewDisposeScope();
        using var network = TestNetworks.Create();
        using var before = TestNetworks.Create();
        using var adam = new Adam(network, new AdamOptions { LearningRate = 0.8, WarmupSteps = 4 });
        var rates = new List<double>();

        for (var step = 0; step < 6; step++)
        {
            Assert.Equal(step, adam.Steps);
            rates.Add(adam.LearningRate);
            adam.ZeroGradients();
            Backward(network);
            adam.Step();
            if (step == 0)
            {
                Assert.Equal(0, TestNetworks.LargestDifference(before.get_parameter("map_layer0.weight")!, network.get_parameter("map_layer0.weight")!));
            }
        }

        Assert.Equal([0, 0.2, 0.4, 0.6, 0.8, 0.8], rates, (left, right) => Math.Abs(left - right) < 1e-12);
        Assert.True(TestNetworks.LargestDifference(before.get_parameter("map_layer0.weight")!, network.get_parameter("map_layer0.weight")!) > 0.1);
    }

    [Fact]
    public void Loaded_state_goes_on_with_the_same_bits()
    {
        using var scope = NewDisposeScope();
        var options = new AdamOptions { LearningRate = 1e-2, WarmupSteps = 4 };
        using var network = TestNetworks.Create();
        using var adam = new Adam(network, options);
        Train(network, adam, 0, 3);
        var file = new MemoryStream();
        SafeTensors.Save(file, adam.State());
        using var resumedNetwork = TestNetworks.Create(seed: 2);
        NetworkWeights.Load(resumedNetwork, NetworkWeights.Of(network));
        using var resumed = new Adam(resumedNetwork, options);

        file.Position = 0;
        resumed.Load(SafeTensors.Load(file, "state"));
        Train(network, adam, 3, 6);
        Train(resumedNetwork, resumed, 3, 6);

        Assert.Equal(6, resumed.Steps);
        foreach (var ((name, left), (_, right)) in network.named_parameters().Zip(resumedNetwork.named_parameters()))
        {
            Assert.True(left.equal(right).all().item<bool>(), name);
        }
    }

    [Fact]
    public void State_is_a_copy_that_later_steps_do_not_change()
    {
        using var scope = NewDisposeScope();
        using var network = TestNetworks.Create();
        using var adam = new Adam(network, new AdamOptions());
        Train(network, adam, 0, 1);
        var state = adam.State();
        var before = state["first_moment"].clone();

        Train(network, adam, 1, 2);

        Assert.Equal(0, TestNetworks.LargestDifference(before, state["first_moment"]));
    }

    [Fact]
    public void Parameter_without_gradient_stays_as_it_is()
    {
        using var scope = NewDisposeScope();
        using var network = TestNetworks.Create(TestNetworks.Options with { Heads = 2 });
        using var before = TestNetworks.Create(TestNetworks.Options with { Heads = 2 });
        using var adam = new Adam(network, new AdamOptions { LearningRate = 0.1 });

        adam.ZeroGradients();
        Backward(network); // head 1 only
        adam.Step();

        Assert.Equal(0, TestNetworks.LargestDifference(before.get_parameter("head2.block.2.weight")!, network.get_parameter("head2.block.2.weight")!));
        Assert.NotEqual(0, TestNetworks.LargestDifference(before.get_parameter("map_layer1.weight")!, network.get_parameter("map_layer1.weight")!));
    }

    [Fact]
    public void State_of_another_network_or_an_incomplete_one_is_refused()
    {
        using var scope = NewDisposeScope();
        using var network = TestNetworks.Create();
        using var larger = TestNetworks.Create(TestNetworks.Options with { Heads = 2 });
        using var adam = new Adam(network, new AdamOptions());
        using var other = new Adam(larger, new AdamOptions());
        var incomplete = adam.State();
        incomplete.Remove("second_moment");

        Assert.Contains("parameters", Assert.Throws<InvalidDataException>(() => adam.Load(other.State())).Message, StringComparison.Ordinal);
        Assert.Contains("second_moment", Assert.Throws<InvalidDataException>(() => adam.Load(incomplete)).Message, StringComparison.Ordinal);
    }

    private static void Train(SongUNet network, Adam adam, int from, int to)
    {
        for (var step = from; step < to; step++)
        {
            random.manual_seed(step);
            adam.ZeroGradients();
            Backward(network);
            adam.Step();
        }
    }

    private static void Backward(SongUNet network)
    {
        using var scope = NewDisposeScope();
        network.Forward(randn(2, 1, 8, 8), rand(2)).square().mean().backward();
    }
}
