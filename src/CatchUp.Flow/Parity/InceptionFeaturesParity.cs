using System.Text;
using CatchUp.Flow.Evaluation.Extractors.Inception;
using static TorchSharp.torch;

namespace CatchUp.Flow.Parity;

/// <summary>Features and logits of the Inception network on given images, with weights that follow from their names.</summary>
internal static class InceptionFeaturesParity
{
    private const ulong Increment = 0x9E3779B97F4A7C15;

    public static void Check(ParityCase parityCase, Comparison comparison)
    {
        var description = parityCase.Description;
        if (ParityCase.Text(description, "fill") != "splitmix64" || ParityCase.NumberOr(description, "batchnorm_eps", 1e-3) != 1e-3)
        {
            throw new InvalidDataException("the weights must be filled by splitmix64, and the ε of batch normalisation be 0.001");
        }

        var tolerance = ParityCase.Number(description, "tolerance_relative");
        var images = parityCase.Tensor("images");
        var taken = new HashSet<string>();
        using var network = new InceptionNetwork((name, shape) =>
        {
            taken.Add(name);
            return Fill(name, shape).to(images.device);
        });
        var names = ParityCase.Member(description, "names").EnumerateArray().Select(name => name.GetString()!).ToHashSet();
        if (!names.SetEquals(taken))
        {
            throw new InvalidDataException($"the network's weights have other names: {string.Join(", ", names.Except(taken).Concat(taken.Except(names)).Take(5))}");
        }

        using var noGradient = no_grad();
        var features = network.Features(images);
        Compare("features", features);
        Compare("logits", network.Logits(features));

        void Compare(string name, Tensor actual)
        {
            var expected = parityCase.Tensor(name);
            var scale = expected.abs().max();
            comparison.Tensors(name, expected / scale, actual / scale, tolerance);
        }
    }

    /// <summary>
    /// Element i is u·scale, u uniform in [-1, 1) from SplitMix64 (Steele et al. 2014) started at crc32(name)·G: convolutions and classes
    /// √(6 / fan in), variances 1 + u/2, means and biases u/10, gains 1 + u/5.
    /// </summary>
    internal static Tensor Fill(string name, long[] shape)
    {
        var (offset, scale) = name.Split('.') switch
        {
            [.., "conv" or "fc", "weight"] => (0, Math.Sqrt(6.0 / shape.Skip(1).Aggregate(1L, (product, size) => product * size))),
            [.., "running_var"] => (1, 0.5),
            [.., "bn", "weight"] => (1, 0.2),
            _ => (0.0, 0.1),
        };
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        var state = Crc32(Encoding.UTF8.GetBytes(name)) * Increment;
        for (var i = 0; i < values.Length; i++)
        {
            state += Increment;
            var z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            values[i] = (float)(offset + ((z >> 40) / (double)(1 << 24) * 2 - 1) * scale);
        }

        return tensor(values, shape);
    }

    /// <summary>The checksum of zip files (reflected polynomial 0xEDB88320).</summary>
    private static ulong Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }
}
