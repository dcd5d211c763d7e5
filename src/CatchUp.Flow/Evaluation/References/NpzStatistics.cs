using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation.References;

/// <summary>
/// Reads the statistics that FID programs exchange: an .npz file, which is a zip of NumPy arrays, with <c>mu</c> [dimensions] and
/// <c>sigma</c> [dimensions, dimensions], little-endian float64 or float32. Nothing in it is unpickled.
/// </summary>
internal static partial class NpzStatistics
{
    private const int MaximumHeaderLength = 1 << 16;

    /// <exception cref="InvalidDataException">The file holds something else, or statistics of other dimensions.</exception>
    public static FeatureStatistics Read(string path, int dimensions)
    {
        using var scope = NewDisposeScope();
        using var archive = ZipFile.OpenRead(path);
        var mean = ReadArray(archive, "mu", [dimensions]);
        var covariance = ReadArray(archive, "sigma", [dimensions, dimensions]);

        // Such files do not say of how many images they are. It only matters where more images are added, which nothing does.
        return FeatureStatistics.FromMoments(mean, covariance, count: 2);
    }

    private static Tensor ReadArray(ZipArchive archive, string name, long[] shape)
    {
        var entry = archive.GetEntry(name + ".npy") ?? throw new InvalidDataException($"it has no '{name}'");
        using var stream = entry.Open();
        var (type, found) = ReadHeader(stream, name);
        if (!found.SequenceEqual(shape))
        {
            throw new InvalidDataException($"'{name}' is [{string.Join(", ", found)}], not [{string.Join(", ", shape)}]: it was measured with another extractor");
        }

        // The size is what the extractor says, whatever the file claims.
        var values = empty(shape, type);
        try
        {
            stream.ReadExactly(values.bytes);
        }
        catch (EndOfStreamException error)
        {
            throw new InvalidDataException($"'{name}' is cut short", error);
        }

        return values;
    }

    /// <summary>Magic, version, header length (two bytes, from version 2 four), then a dictionary in Python's notation.</summary>
    private static (ScalarType Type, long[] Shape) ReadHeader(Stream stream, string name)
    {
        try
        {
            Span<byte> start = stackalloc byte[8];
            stream.ReadExactly(start);
            if (start[0] != 0x93 || !start[1..6].SequenceEqual("NUMPY"u8))
            {
                throw new InvalidDataException($"'{name}' is no NumPy array");
            }

            Span<byte> size = stackalloc byte[4];
            size.Clear();
            stream.ReadExactly(size[..(start[6] == 1 ? 2 : 4)]);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(size);
            if (length > MaximumHeaderLength)
            {
                throw new InvalidDataException($"'{name}' has an impossibly long header");
            }

            var header = new byte[length];
            stream.ReadExactly(header);
            return Parse(Encoding.Latin1.GetString(header), name);
        }
        catch (EndOfStreamException error)
        {
            throw new InvalidDataException($"'{name}' is cut short", error);
        }
    }

    private static (ScalarType Type, long[] Shape) Parse(string header, string name)
    {
        var (type, shape) = (TypeEntry().Match(header), ShapeEntry().Match(header));
        if (!type.Success || !shape.Success)
        {
            throw new InvalidDataException($"'{name}' must be an array of little-endian float64 or float32");
        }

        // A covariance is symmetric, so the order of its axes does not matter.
        return (
            type.Groups[1].Value == "8" ? ScalarType.Float64 : ScalarType.Float32,
            [.. shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => long.Parse(part, CultureInfo.InvariantCulture))]);
    }

    [GeneratedRegex(@"'descr':\s*'<f([48])'")]
    private static partial Regex TypeEntry();

    [GeneratedRegex(@"'shape':\s*\(((?:\s*[0-9]{1,9}\s*,?){1,2})\)")]
    private static partial Regex ShapeEntry();
}
