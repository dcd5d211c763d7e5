using CatchUp.Flow.Noise;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Noise;

public sealed class NoiseBankTests
{
    /// <summary>Pinned: pictures of different versions are compared cell by cell only while these stay.</summary>
    [Fact]
    public void Image_values_are_pinned()
    {
        using var scope = NewDisposeScope();
        var values = new NoiseBank(1, 1, 28, 28).Images(3, 1).data<float>().ToArray();

        Assert.Equal([0.625714839f, -1.17097926f, 0.104725115f, -0.430576533f, -0.288631856f], values[..5]);
    }

    [Fact]
    public void Image_is_the_same_whatever_the_batch()
    {
        using var scope = NewDisposeScope();
        var bank = new NoiseBank(1, 3, 8, 8);

        Assert.True(bank.Images(0, 16).narrow(0, 5, 3).eq(bank.Images(5, 3)).all().item<bool>());
    }

    [Fact]
    public void Banks_shapes_and_indices_give_unlike_noise()
    {
        using var scope = NewDisposeScope();
        float First(int bank, int channels, int height, int width, long index) =>
            new NoiseBank(bank, channels, height, width).Images(index, 1).flatten()[0].item<float>();
        float[] firsts = [First(1, 1, 8, 8, 0), First(2, 1, 8, 8, 0), First(1, 3, 8, 8, 0), First(1, 1, 16, 8, 0), First(1, 1, 8, 16, 0), First(1, 1, 8, 8, 1), First(1, 1, 8, 8, 1L << 32)];

        Assert.Equal(firsts.Length, firsts.Distinct().Count());
    }

    [Fact]
    public void Values_are_standard_normal_and_independent()
    {
        using var scope = NewDisposeScope();
        var noise = new NoiseBank(5, 1, 32, 32).Images(0, 400).to(ScalarType.Float64); // 409,600 values
        var flat = noise.flatten();
        var count = (double)flat.numel();

        Assert.InRange(flat.mean().item<double>(), -5 / Math.Sqrt(count), 5 / Math.Sqrt(count));
        Assert.InRange(flat.pow(2).mean().item<double>(), 1 - 5 * Math.Sqrt(2 / count), 1 + 5 * Math.Sqrt(2 / count));
        Assert.InRange(flat.pow(3).mean().item<double>(), -5 * Math.Sqrt(15 / count), 5 * Math.Sqrt(15 / count));
        Assert.InRange(flat.pow(4).mean().item<double>(), 3 - 5 * Math.Sqrt(96 / count), 3 + 5 * Math.Sqrt(96 / count));
        Assert.InRange(flat.abs().gt(1.959964).to(ScalarType.Float64).mean().item<double>(), 0.048, 0.052);

        // Neighbours, the two halves of a Box–Muller pair among them, and the same place in the next image.
        var bound = 5 / Math.Sqrt(count);
        Assert.InRange((flat.narrow(0, 0, flat.numel() - 1) * flat.narrow(0, 1, flat.numel() - 1)).mean().item<double>(), -bound, bound);
        Assert.InRange((noise.narrow(0, 0, 399) * noise.narrow(0, 1, 399)).mean().item<double>(), -bound, bound);
    }
}
