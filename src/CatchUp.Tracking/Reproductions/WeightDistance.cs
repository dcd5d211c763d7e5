using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace CatchUp.Tracking.Reproductions;

/// <summary>How far the weights of two safetensors files are apart, read in stretches. Nothing of a file is trusted.</summary>
internal static class WeightDistance
{
    private const int LongestHeader = 16 << 20, Stretch = 1 << 20;

    /// <returns>Null when the files cannot be compared weight by weight: other tensors, other types, or no such files.</returns>
    public static async Task<Result?> BetweenAsync(Stream original, Stream reproduction, CancellationToken cancellation)
    {
        try
        {
            if (await ReadLayoutAsync(original, cancellation) is not { } layout || await ReadLayoutAsync(reproduction, cancellation) != layout || !layout.Contains("F32", StringComparison.Ordinal))
            {
                return null;
            }

            var (left, right) = (new byte[Stretch], new byte[Stretch]);
            var (largest, differing, weights) = (0.0, 0L, 0L);
            while (true)
            {
                var length = await original.ReadAtLeastAsync(left, Stretch, throwOnEndOfStream: false, cancellation);
                if (length != await reproduction.ReadAtLeastAsync(right, Stretch, throwOnEndOfStream: false, cancellation) || length % sizeof(float) != 0)
                {
                    return null;
                }

                if (length == 0)
                {
                    return new Result(largest, differing, weights);
                }

                weights += length / sizeof(float);
                if (!left.AsSpan(0, length).SequenceEqual(right.AsSpan(0, length)))
                {
                    Measure(MemoryMarshal.Cast<byte, float>(left.AsSpan(0, length)), MemoryMarshal.Cast<byte, float>(right.AsSpan(0, length)), ref largest, ref differing);
                }
            }
        }
        catch (Exception problem) when (problem is JsonException or EndOfStreamException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static void Measure(ReadOnlySpan<float> left, ReadOnlySpan<float> right, ref double largest, ref long differing)
    {
        for (var i = 0; i < left.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(left[i]) != BitConverter.SingleToInt32Bits(right[i]))
            {
                differing++;
                var distance = Math.Abs((double)left[i] - right[i]);
                largest = double.IsNaN(distance) ? double.PositiveInfinity : Math.Max(largest, distance);
            }
        }
    }

    /// <summary>Names, types, shapes and places of the tensors, without what the file says of its run; null when not all of them are 32-bit numbers.</summary>
    private static async Task<string?> ReadLayoutAsync(Stream file, CancellationToken cancellation)
    {
        var size = new byte[8];
        await file.ReadExactlyAsync(size, cancellation);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(size);
        if (length > LongestHeader)
        {
            return null;
        }

        var header = new byte[length];
        await file.ReadExactlyAsync(header, cancellation);
        using var document = JsonDocument.Parse(header);
        var tensors = document.RootElement.EnumerateObject().Where(tensor => tensor.Name != "__metadata__").ToList();
        return tensors.TrueForAll(tensor => tensor.Value.GetProperty("dtype").GetString() == "F32")
            ? string.Join('\n', tensors.Select(tensor => $"{tensor.Name} {tensor.Value.GetRawText()}").Order(StringComparer.Ordinal))
            : null;
    }

    /// <param name="Largest">Largest distance of two weights; infinite when one of them is not finite.</param>
    /// <param name="Differing">Weights that differ in a bit.</param>
    /// <param name="Weights">All of them.</param>
    public sealed record Result(double Largest, long Differing, long Weights);
}
