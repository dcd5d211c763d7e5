using CatchUp.Flow.Networks;
using CatchUp.Flow.Objectives;
using CatchUp.Flow.Tests.Networks;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Objectives;

public sealed class CatchUpObjectiveTests
{
    private const int N = 4;
    private const double Z0 = 0.3;
    private const double Z1 = -0.8;
    private const double U = 0.6;

    public static TheoryData<CatchUpOrder, DeltaStrategy> Orders
    {
        get
        {
            var data = new TheoryData<CatchUpOrder, DeltaStrategy>();
            foreach (var order in Enum.GetValues<CatchUpOrder>())
            {
                foreach (var delta in Enum.GetValues<DeltaStrategy>())
                {
                    data.Add(order, delta);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void Targets_and_terms_are_those_worked_out_by_hand(CatchUpOrder order, DeltaStrategy strategy)
    {
        using var scope = NewDisposeScope();
        using var network = new LinearNetwork((int)order);
        const double t = 0.9;
        var delta = strategy switch { DeltaStrategy.Constant => 1.0 / N, DeltaStrategy.Rule => t / N, _ => U / N };

        var result = Compute(network, new CatchUpOptions { Order = order, Delta = strategy, TimeSteps = N }, t);

        var z = t * Z1 + (1 - t) * Z0;
        var k1 = LinearNetwork.V(z, t);
        var k2 = LinearNetwork.V(z - delta * k1, t - delta);
        var k3 = LinearNetwork.V(z - delta * (7.0 / 4 * k1 + 1.0 / 4 * k2), t - 2 * delta);
        var s = order switch
        {
            CatchUpOrder.Rk12 => k1,
            CatchUpOrder.Rk23 => (k1 + k2) / 2,
            _ => 5.0 / 12 * k1 + 2.0 / 3 * k2 - 1.0 / 12 * k3,
        };
        double loss = 0;
        for (var i = 1; i <= (int)order; i++)
        {
            var prediction = k1 + i - 1;
            var target = LinearNetwork.V(z - i * delta * s, t - i * delta);
            var (catchUp, groundTruth) = (Math.Pow(prediction - target, 2), Math.Pow(prediction - (Z1 - Z0), 2));
            Assert.Equal(prediction, result.Predictions[i - 1].item<double>(), 1e-12);
            Assert.Equal(target, result.Targets[i - 1].item<double>(), 1e-12);
            Assert.Equal(catchUp, Term(result, $"catch_up_{i}"), 1e-12);
            Assert.Equal(groundTruth, Term(result, $"ground_truth_{i}"), 1e-12);
            loss += catchUp + groundTruth;
        }

        Assert.Equal(2 * (int)order, result.Terms.Count);
        Assert.Equal(loss, result.Loss.item<double>(), 1e-12);
    }

    [Theory]
    [InlineData(CatchUpOrder.Rk12, 3)]
    [InlineData(CatchUpOrder.Rk23, 4)]
    [InlineData(CatchUpOrder.Rk34, 5)]
    public void Reusing_the_first_slope_saves_one_pass_and_targets_are_one_batch(CatchUpOrder order, int passes)
    {
        using var scope = NewDisposeScope();
        using var with = new LinearNetwork((int)order);
        using var without = new LinearNetwork((int)order);

        Compute(with, new CatchUpOptions { Order = order, TimeSteps = N, ReuseFirstSlope = true }, 0.9, 0.8);
        Compute(without, new CatchUpOptions { Order = order, TimeSteps = N, ReuseFirstSlope = false }, 0.9, 0.8);

        Assert.Equal(passes - 1, with.Passes.Count);
        Assert.Equal(passes, without.Passes.Count);
        Assert.Equal(2 * (int)order, with.Passes[^1].Times.Length);
        Assert.Equal([true, .. Enumerable.Repeat(false, passes - 1)], without.Passes.Select(pass => pass.Gradient));
    }

    /// <summary>METHOD, "The catch-up objective": a forward pass over the batch counts 1, its backward pass 2.</summary>
    [Theory]
    [InlineData(CatchUpOrder.Rk12, false, 1, 5)]
    [InlineData(CatchUpOrder.Rk12, true, 1, 4)]
    [InlineData(CatchUpOrder.Rk23, false, 1, 7)]
    [InlineData(CatchUpOrder.Rk23, true, 1, 6)]
    [InlineData(CatchUpOrder.Rk34, false, 1, 9)]
    [InlineData(CatchUpOrder.Rk34, true, 1, 8)]
    [InlineData(CatchUpOrder.Rk12, true, 0.25, 3.25)]
    [InlineData(CatchUpOrder.Rk34, false, 0.5, 6)]
    [InlineData(CatchUpOrder.Rk34, true, 0.5, 5.5)]
    public void Update_costs_as_many_passes_as_the_method_says(CatchUpOrder order, bool reuse, double share, double cost)
    {
        using var scope = NewDisposeScope();
        using var network = new LinearNetwork((int)order);
        double[] times = [0.9, 0.8, 0.7, 0.6];

        Compute(network, new CatchUpOptions { Order = order, TimeSteps = N, ReuseFirstSlope = reuse, Share = share }, times);

        Assert.Equal(cost, network.Passes.Sum(pass => (pass.Gradient ? 3.0 : 1.0) * pass.Times.Length / times.Length), 1e-12);
    }

    [Theory]
    [InlineData(0.5, 2)]
    [InlineData(0.3, 1)]
    [InlineData(0.01, 1)]
    public void Share_of_the_batch_catches_up_and_all_of_it_meets_the_ground_truth(double share, int count)
    {
        using var scope = NewDisposeScope();
        using var network = new LinearNetwork(2);
        double[] times = [0.9, 0.5, 0.8, 0.7];
        var options = new CatchUpOptions { Order = CatchUpOrder.Rk23, TimeSteps = N };

        var part = Compute(network, options with { Share = share }, times);

        var whole = Compute(network, options, times);
        var first = Compute(network, options, times[..count]);
        Assert.All(part.Targets, target => Assert.Equal(count, target.shape[0]));
        Assert.All(part.Predictions, prediction => Assert.Equal(times.Length, prediction.shape[0]));
        for (var head = 1; head <= 2; head++)
        {
            Assert.Equal(Term(first, $"catch_up_{head}"), Term(part, $"catch_up_{head}"), 1e-12);
            Assert.Equal(Term(whole, $"ground_truth_{head}"), Term(part, $"ground_truth_{head}"), 1e-12);
        }

        Assert.Equal(part.Terms.Sum(term => term.Value.item<double>()), part.Loss.item<double>(), 1e-12);
    }

    [Fact]
    public void Share_of_the_batch_keeps_its_classes()
    {
        using var scope = NewDisposeScope();
        using var network = new ClassNetwork(3);
        using var labelled = network.WithLabels(tensor(new long[] { 2, 1, 0, 1 }));
        var images = zeros(4, 1, 2, 2, dtype: ScalarType.Float64);
        var draws = new TimeDraws(full(4, 0.9, dtype: ScalarType.Float64), full(4, U, dtype: ScalarType.Float64));

        foreach (var reuse in new[] { true, false })
        {
            var result = new CatchUpObjective(new CatchUpOptions { Share = 0.5, ReuseFirstSlope = reuse }).Compute(labelled, images, images, draws, 0);
            Assert.Equal([2, 1], result.Targets[0].select(1, 0).select(1, 0).select(1, 0).data<double>().ToArray());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void Share_outside_its_range_is_refused(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new CatchUpObjective(new CatchUpOptions { Share = share }));

    [Fact]
    public void Perceptual_loss_compares_the_clean_images_that_both_velocities_promise()
    {
        using var scope = NewDisposeScope();
        using var network = new LinearNetwork(2);
        const double t = 0.9;
        static double Feature(double image) => image * image;

        var result = Compute(network, new CatchUpOptions { Order = CatchUpOrder.Rk23, TimeSteps = N, Perceptual = new PerceptualDistance(images => images.square().flatten(1), 5) }, t);
        result.Loss.backward();

        var z = t * Z1 + (1 - t) * Z0;
        double gradient = 0;
        for (var i = 1; i <= 2; i++)
        {
            var prediction = LinearNetwork.V(z, t) + i - 1;
            var difference = Feature(z - t * prediction) - Feature(z - t * result.Targets[i - 1].item<double>());
            Assert.Equal(difference * difference / 5, Term(result, $"catch_up_{i}"), 1e-12);
            Assert.Equal(Math.Pow(prediction - (Z1 - Z0), 2), Term(result, $"ground_truth_{i}"), 1e-12);
            gradient += 2 * difference / 5 * 2 * (z - t * prediction) * -t * z + 2 * (prediction - (Z1 - Z0)) * z;
        }

        Assert.Equal(gradient, network.GradientOfA.item<double>(), 1e-12);
    }

    [Fact]
    public void Wavelet_term_is_weighed_and_added_for_the_first_head()
    {
        using var scope = NewDisposeScope();
        using var network = TestNetworks.Create(TestNetworks.Options with { Heads = 2 });
        network.eval();
        var (data, noise) = (rand(3, 1, 8, 8) * 2 - 1, randn(3, 1, 8, 8));
        var draws = new TimeDraws(tensor(new[] { 0.9f, 0.5f, 0.3f }), rand(3));

        ObjectiveResult With(double weight) => new CatchUpObjective(new CatchUpOptions { Order = CatchUpOrder.Rk23, WaveletWeight = weight }).Compute(network, data, noise, draws, 0);
        var (with, without) = (With(0.5), With(0));

        var wavelet = WaveletDetail.Distance(noise - without.Predictions[0], data).item<float>();
        Assert.Equal(wavelet, with.Terms.Single(term => term.Name == "wavelet").Value.item<float>(), 1e-6);
        Assert.Equal(without.Loss.item<float>() + 0.5 * wavelet, with.Loss.item<float>(), 1e-5);
        Assert.DoesNotContain(without.Terms, term => term.Name == "wavelet");
    }

    [Theory]
    [InlineData(CatchUpOrder.Rk12)]
    [InlineData(CatchUpOrder.Rk23)]
    [InlineData(CatchUpOrder.Rk34)]
    public void Reusing_the_first_slope_changes_nothing_without_dropout_and_something_with_it(CatchUpOrder order)
    {
        using var scope = NewDisposeScope();
        var (data, noise) = (rand(4, 1, 8, 8) * 2 - 1, randn(4, 1, 8, 8));
        var draws = new TimeDraws(tensor(new[] { 0.9f, 0.5f, 0.3f, 0.01f }), rand(4));

        (double Loss, double Gradient) Run(double dropout, bool reuse)
        {
            using var inner = NewDisposeScope();
            using var network = TestNetworks.Create(TestNetworks.Options with { Heads = (int)order, Dropout = dropout });
            random.manual_seed(9);
            var result = new CatchUpObjective(new CatchUpOptions { Order = order, ReuseFirstSlope = reuse }).Compute(network, data, noise, draws, 0);
            result.Loss.backward();
            return (result.Loss.item<float>(), network.get_parameter("map_layer0.weight")!.grad!.norm().item<float>());
        }

        var (with, without) = (Run(0, true), Run(0, false));
        Assert.Equal(without.Loss, with.Loss, 1e-6);
        Assert.Equal(without.Gradient, with.Gradient, 1e-5 * without.Gradient);
        Assert.NotEqual(Run(0.5, false).Loss, Run(0.5, true).Loss, 1e-4);
    }

    [Fact]
    public void No_gradient_flows_through_slopes_and_targets()
    {
        using var scope = NewDisposeScope();
        using var network = new LinearNetwork(2);
        const double t = 0.9;

        var result = Compute(network, new CatchUpOptions { Order = CatchUpOrder.Rk23, TimeSteps = N }, t);
        result.Loss.backward();

        Assert.All(result.Targets, target => Assert.False(target.requires_grad));
        Assert.All(result.Terms, term => Assert.False(term.Value.requires_grad));
        var z = t * Z1 + (1 - t) * Z0;
        double expected = 0;
        for (var i = 0; i < 2; i++)
        {
            var prediction = LinearNetwork.V(z, t) + i;
            expected += 2 * (prediction - result.Targets[i].item<double>()) * z + 2 * (prediction - (Z1 - Z0)) * z;
        }

        Assert.Equal(expected, network.GradientOfA.item<double>(), 1e-12);
    }

    [Theory]
    [InlineData(CatchUpOrder.Rk12, 1)]
    [InlineData(CatchUpOrder.Rk23, 2)]
    [InlineData(CatchUpOrder.Rk34, 3)]
    public void Sample_without_room_below_it_takes_the_ground_truth_as_its_targets(CatchUpOrder order, int heads)
    {
        using var scope = NewDisposeScope();
        using var network = new LinearNetwork(heads);
        var boundary = TimeDraws.Epsilon + heads * 1.0 / N;

        var result = Compute(network, new CatchUpOptions { Order = order, Delta = DeltaStrategy.Constant, TimeSteps = N }, boundary - 1e-6, boundary + 1e-6, boundary - 0.2);

        Assert.All(result.Targets, target =>
        {
            var values = target.data<double>().ToArray();
            Assert.Equal(Z1 - Z0, values[0], 1e-12);
            Assert.NotEqual(Z1 - Z0, values[1], 1e-3);
            Assert.Equal(Z1 - Z0, values[2], 1e-12);
        });
        Assert.All(network.Passes.SelectMany(pass => pass.Times), time => Assert.InRange(time, TimeDraws.Epsilon, 1));
    }

    [Fact]
    public void Discrete_time_is_fed_indices_clamped_to_the_grid_and_steps_by_one()
    {
        using var scope = NewDisposeScope();
        using var network = new LinearNetwork(2, discreteTime: true, timeSteps: N);

        // Δ of the strategy would be another; in discrete time it is 1/N.
        var result = Compute(network, new CatchUpOptions { Order = CatchUpOrder.Rk23, Delta = DeltaStrategy.Uniform, TimeSteps = N, ReuseFirstSlope = false }, 0.25, 0.5, 0.75, 1);

        Assert.Equal([1, 2, 3, 4], network.Passes[0].Times);
        Assert.Equal([1, 2, 3, 4], network.Passes[1].Times);
        Assert.Equal([1, 1, 2, 3], network.Passes[2].Times);
        Assert.Equal([1, 1, 2, 3, 1, 1, 1, 2], network.Passes[3].Times);

        // Index 1 has no room for two steps, index 2 has: its second target is at 0, clamped to 1.
        const double t = 0.5;
        const double delta = 1.0 / N;
        var z = t * Z1 + (1 - t) * Z0;
        var k1 = LinearNetwork.V(z, t);
        var s = (k1 + LinearNetwork.V(z - delta * k1, t - delta)) / 2;
        var second = result.Targets[1].data<double>().ToArray();
        Assert.Equal(Z1 - Z0, second[0], 1e-12);
        Assert.Equal(LinearNetwork.V(z - 2 * delta * s, 1.0 / N), second[1], 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(1)]
    public void Progress_shifts_weight_from_ground_truth_to_catching_up(double progress)
    {
        using var scope = NewDisposeScope();
        using var network = new LinearNetwork(2);

        var result = Compute(network, new CatchUpOptions { Order = CatchUpOrder.Rk23, TimeSteps = N, LossWeights = LossWeights.Progress }, progress, [0.9, 0.7]);

        var expected = 2 * progress * (Term(result, "catch_up_1") + Term(result, "catch_up_2")) + 2 * (1 - progress) * (Term(result, "ground_truth_1") + Term(result, "ground_truth_2"));
        Assert.Equal(expected, result.Loss.item<double>(), 1e-12);
    }

    [Fact]
    public void Network_of_other_heads_or_another_grid_is_refused()
    {
        using var scope = NewDisposeScope();
        using var twoHeads = new LinearNetwork(2);
        using var otherGrid = new LinearNetwork(1, discreteTime: true, timeSteps: 8);

        Assert.Contains("3 output heads", Assert.Throws<ArgumentException>(() => Compute(twoHeads, new CatchUpOptions { Order = CatchUpOrder.Rk34, TimeSteps = N }, 0.9)).Message, StringComparison.Ordinal);
        Assert.Contains("8 steps", Assert.Throws<ArgumentException>(() => Compute(otherGrid, new CatchUpOptions { TimeSteps = N }, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_result_stays_in_the_callers_scope()
    {
        using var network = new LinearNetwork(3);
        using var scope = NewDisposeScope();
        var (data, noise, draws) = Batch([0.9, 0.2]);
        var before = scope.DisposablesCount;

        new CatchUpObjective(new CatchUpOptions { Order = CatchUpOrder.Rk34, TimeSteps = N }).Compute(network, data, noise, draws, 0);

        Assert.Equal(before + 1 + 6 + 3 + 3, scope.DisposablesCount); // loss, terms, predictions, targets
    }

    private static ObjectiveResult Compute(VelocityNetwork network, CatchUpOptions options, params double[] times) => Compute(network, options, 0, times);

    private static ObjectiveResult Compute(VelocityNetwork network, CatchUpOptions options, double progress, double[] times)
    {
        var (data, noise, draws) = Batch(times);
        return new CatchUpObjective(options).Compute(network, data, noise, draws, progress);
    }

    private static (Tensor Data, Tensor Noise, TimeDraws Draws) Batch(double[] times) => (
        full([times.Length, 1, 1, 1], Z0, dtype: ScalarType.Float64),
        full([times.Length, 1, 1, 1], Z1, dtype: ScalarType.Float64),
        new TimeDraws(tensor(times), full(times.Length, U, dtype: ScalarType.Float64)));

    private static double Term(ObjectiveResult result, string name) => result.Terms.Single(term => term.Name == name).Value.item<double>();
}
