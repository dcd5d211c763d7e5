using CatchUp.Flow.Objectives;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Objectives;

public sealed class TimeDrawsTests
{
    [Fact]
    public void Same_seed_gives_the_same_draws_and_another_seed_others()
    {
        using var scope = NewDisposeScope();
        using var network = new LinearNetwork(1);
        float[] Draw(ulong seed)
        {
            using var generator = new Generator(seed);
            var draws = TimeDraws.Draw(network, 8, generator);
            return [.. draws.Time.data<float>(), .. draws.Uniform.data<float>()];
        }

        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }

    [Fact]
    public void Continuous_times_fill_the_open_interval_above_epsilon()
    {
        using var scope = NewDisposeScope();
        using var network = new LinearNetwork(1);
        using var generator = new Generator(3);

        var draws = TimeDraws.Draw(network, 100_000, generator);

        Assert.InRange(draws.Time.min().item<float>(), 1e-5f, 1e-3f);
        Assert.InRange(draws.Time.max().item<float>(), 0.999f, 1);
        Assert.InRange(draws.Time.mean().item<float>(), 0.495f, 0.505f);
        Assert.InRange(draws.Uniform.mean().item<float>(), 0.495f, 0.505f);
        Assert.InRange((draws.Time * draws.Uniform).mean().item<float>(), 0.245f, 0.255f); // independent of each other
    }

    [Fact]
    public void Discrete_times_are_every_multiple_of_one_Nth_alike_often()
    {
        using var scope = NewDisposeScope();
        using var network = new LinearNetwork(1, discreteTime: true, timeSteps: 4);
        using var generator = new Generator(3);

        var counts = TimeDraws.Draw(network, 40_000, generator).Time.data<float>().GroupBy(time => time).ToDictionary(group => group.Key, group => group.Count());

        Assert.Equal([0.25f, 0.5f, 0.75f, 1f], counts.Keys.Order());
        Assert.All(counts.Values, count => Assert.InRange(count, 9_600, 10_400));
    }
}
