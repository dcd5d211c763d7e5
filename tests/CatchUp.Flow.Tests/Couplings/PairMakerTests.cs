using CatchUp.Flow.Couplings;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Solvers;
using CatchUp.Flow.Tests.Networks;
using CatchUp.Flow.Tests.Objectives;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Couplings;

public sealed class PairMakerTests : IDisposable
{
    private readonly SongUNet model = TestNetworks.Create();
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();

    public PairMakerTests() => NetworkWeights.Freeze(model);

    [Fact]
    public void Samples_are_what_the_solver_makes_of_the_noise()
    {
        using var pairs = new PairMaker(model, 3, CPU).Samples(new EulerSolver(), 4, count: 130);

        Assert.Equal((130, 130, 130), (pairs.Count, (int)pairs.Noise.shape[0], (int)pairs.Images.shape[0]));
        // Across the border of two batches.
        var expected = new EulerSolver().Sample(NetworkVelocity.Of(model), pairs.Noise.narrow(0, 125, 5), 4);
        Assert.InRange(TestNetworks.LargestDifference(expected, pairs.Images.narrow(0, 125, 5)), 0, 1e-5);
        Assert.Equal(0, pairs.Noise.mean().item<float>(), 0.06);
        Assert.Equal(1, pairs.Noise.std().item<float>(), 0.05);
    }

    [Fact]
    public void Trajectories_keep_the_clean_images_after_8_11_and_14_of_16_steps()
    {
        using var pairs = new PairMaker(model, 3, CPU).Trajectories(5);

        Assert.Equal([5, 3, 8, 8], pairs.Images.shape);
        var steps = new List<Tensor>();
        var end = new EulerSolver().Sample(NetworkVelocity.Of(model), pairs.Noise, 16, steps);
        Assert.Equal(16, steps.Count);
        for (var stage = 0; stage < 3; stage++)
        {
            var step = PairMaker.KeptSteps[stage];
            var z = pairs.Noise - steps.Take(step).Aggregate(zeros_like(end), (sum, v) => sum + v) / 16;
            var expected = z - steps[step] * (16 - step) / 16;
            Assert.InRange(TestNetworks.LargestDifference(expected, pairs.Images.narrow(1, stage, 1)), 0, 1e-5);
        }

        Assert.Equal([8, 11, 14], PairMaker.KeptSteps);
    }

    [Fact]
    public void Pairs_are_decided_by_seed_and_number_alone()
    {
        using var few = new PairMaker(model, 3, CPU).Trajectories(4);
        using var same = new PairMaker(model, 3, CPU).Trajectories(4);
        using var other = new PairMaker(model, 4, CPU).Trajectories(4);
        using var more = new PairMaker(model, 3, CPU).Trajectories(7);

        Assert.Equal(few.Images.data<float>().ToArray(), same.Images.data<float>().ToArray());
        Assert.Equal(few.Noise.data<float>().ToArray(), more.Noise.narrow(0, 0, 4).data<float>().ToArray());
        Assert.True(TestNetworks.LargestDifference(few.Noise, other.Noise) > 0.5);
    }

    [Fact]
    public void Progress_is_told_before_every_evaluation_and_may_end_the_work()
    {
        var told = new List<int>();
        new PairMaker(model, 3, CPU).Samples(new EulerSolver(), 2, 130, told.Add).Dispose();
        Assert.Equal([0, 0, 128, 128], told);

        Assert.Throws<OperationCanceledException>(() => new PairMaker(model, 3, CPU).Samples(new EulerSolver(), 2, 130, _ => throw new OperationCanceledException()));
    }

    [Fact]
    public void Class_conditional_model_makes_every_class_and_says_which()
    {
        using var conditional = new ClassNetwork(classes: 3);

        using var pairs = new PairMaker(conditional, 3, CPU).Samples(new EulerSolver(), 1, 300);

        // Its velocity is the class, so that one step ends at z₁ − class.
        var found = (pairs.Noise - pairs.Images).flatten(1).mean([1]).round().to(ScalarType.Int64);
        Assert.True(found.eq(pairs.Labels!).all().item<bool>());
        Assert.All(pairs.Labels!.data<long>().CountBy(label => label), pair => Assert.InRange(pair.Value, 65, 135));
    }

    public void Dispose()
    {
        scope.Dispose();
        model.Dispose();
    }
}
