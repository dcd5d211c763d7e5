using static TorchSharp.torch;

namespace CatchUp.Flow.Noise;

/// <summary>
/// Fixed standard normal noise z₁ that runs share: image i of a bank is the same in every batch, run and program, on CPU and CUDA,
/// so the same cell of two sample grids started from the same noise. Made on the CPU in double precision (Philox4x32-10, then
/// Box–Muller) and copied to the device.
/// </summary>
/// <param name="bank">Number of the bank.</param>
/// <param name="channels">Channels of an image.</param>
/// <param name="height">Rows of an image.</param>
/// <param name="width">Columns of an image.</param>
/// <param name="purpose">Keeps banks of one number apart that serve unlike ends.</param>
public sealed class NoiseBank(int bank, int channels, int height, int width, RandomPurpose purpose = RandomPurpose.NoiseBank)
{
    public int Bank => bank;

    /// <summary>Noise of <paramref name="count"/> images from index <paramref name="first"/> on.</summary>
    /// <returns>[count, channels, height, width], float32.</returns>
    public Tensor Images(long first, int count, Device? device = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        var size = channels * height * width;
        var values = new float[(long)count * size];
        for (var image = 0; image < count; image++)
        {
            Fill(values.AsSpan(image * size, size), first + image);
        }

        using var scope = NewDisposeScope();
        var noise = tensor(values, [count, channels, height, width]);
        return (device is null ? noise : noise.to(device)).MoveToOuterDisposeScope();
    }

    /// <summary>One counter gives 128 bits: two uniforms of 53 bits, and of them two normals.</summary>
    private void Fill(Span<float> values, long index)
    {
        var shape = ((uint)height << 16) | (uint)width;
        var place = ((uint)(index >> 32) << 16) | (uint)channels;
        for (var i = 0; i < values.Length; i += 2)
        {
            var (w0, w1, w2, w3) = Philox.Block((uint)(i / 2), (uint)index, shape, place, (uint)bank, (uint)purpose);
            var radius = Math.Sqrt(-2.0 * Math.Log(OpenUniform(w0, w1)));
            var angle = 2.0 * Math.PI * OpenUniform(w2, w3);
            values[i] = (float)(radius * Math.Cos(angle));
            if (i + 1 < values.Length)
            {
                values[i + 1] = (float)(radius * Math.Sin(angle));
            }
        }
    }

    /// <summary>In (0, 1), never 0: its logarithm is taken.</summary>
    private static double OpenUniform(uint low, uint high) => (((((ulong)high << 32) | low) >> 11) + 0.5) * (1.0 / (1UL << 53));
}
