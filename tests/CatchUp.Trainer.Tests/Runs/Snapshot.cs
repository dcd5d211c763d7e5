using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace CatchUp.Trainer.Tests.Runs;

/// <summary>Reads the weights of a safetensors file.</summary>
internal static class Snapshot
{
    public static Dictionary<string, float[]> Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var header = JsonNode.Parse(bytes.AsSpan(8, length))!.AsObject();
        return header.Where(entry => entry.Key != "__metadata__").ToDictionary(entry => entry.Key, entry =>
        {
            var offsets = entry.Value!["data_offsets"]!.AsArray();
            var (begin, end) = ((int)offsets[0]!, (int)offsets[1]!);
            return MemoryMarshal.Cast<byte, float>(bytes.AsSpan(8 + length + begin, end - begin)).ToArray();
        });
    }

    /// <summary>The largest difference of a weight in two files that have it.</summary>
    public static double Difference(float[] left, float[] right) => left.Zip(right).Max(pair => Math.Abs((double)pair.First - pair.Second));
}
