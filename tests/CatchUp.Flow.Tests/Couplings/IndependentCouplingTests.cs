using CatchUp.Flow.Couplings;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Couplings;

public sealed class IndependentCouplingTests
{
    [Fact]
    public void Noise_is_standard_normal_whatever_the_image_and_the_same_for_the_same_seed()
    {
        using var scope = NewDisposeScope();
        Tensor Draw(Tensor data, ulong seed)
        {
            using var generator = new Generator(seed);
            var pairs = new IndependentCoupling().Draw(data, generator);
            Assert.Same(data, pairs.Data);
            Assert.Null(pairs.Loss);
            return pairs.Noise;
        }

        var noise = Draw(ones(64, 1, 16, 16), 4);

        Assert.Equal([64, 1, 16, 16], noise.shape);
        Assert.InRange(noise.mean().item<float>(), -0.03f, 0.03f);
        Assert.InRange(noise.std().item<float>(), 0.97f, 1.03f);
        Assert.True(noise.equal(Draw(zeros(64, 1, 16, 16), 4)).all().item<bool>());
        Assert.False(noise.equal(Draw(zeros(64, 1, 16, 16), 5)).all().item<bool>());
    }
}
