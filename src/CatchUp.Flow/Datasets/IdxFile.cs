using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace CatchUp.Flow.Datasets;

/// <summary>
/// A file in the IDX format of MNIST: two zero bytes, a type (8 = unsigned byte), the number of dimensions, each dimension as a
/// big-endian 32-bit number, then the values. Plain or gzip-compressed; the hash is of the plain bytes either way.
/// </summary>
/// <param name="Dimensions">Sizes, the number of items first.</param>
/// <param name="Values">The values, row-major.</param>
/// <param name="Hash">SHA-256 of the uncompressed file, lower-case hexadecimal.</param>
public sealed record IdxFile(int[] Dimensions, byte[] Values, string Hash)
{
    /// <exception cref="InvalidDataException">The file is no IDX file of unsigned bytes, or is cut short.</exception>
    public static IdxFile Read(string path)
    {
        var bytes = ReadPlain(path);
        if (bytes.Length < 4 || bytes[0] != 0 || bytes[1] != 0 || bytes[2] != 8 || bytes[3] is 0 or > 4)
        {
            throw new InvalidDataException($"{path} is not an IDX file of unsigned bytes.");
        }

        var header = 4 + 4 * bytes[3];
        var dimensions = new int[bytes[3]];
        long count = 1;
        for (var i = 0; i < dimensions.Length && header <= bytes.Length; i++)
        {
            dimensions[i] = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(4 + 4 * i));
            count *= Math.Max(0, dimensions[i]);
        }

        return bytes.LongLength == header + count
            ? new IdxFile(dimensions, bytes[header..], Convert.ToHexStringLower(SHA256.HashData(bytes)))
            : throw new InvalidDataException($"{path} is cut short or damaged: its header and its {bytes.Length} bytes do not agree.");
    }

    private static byte[] ReadPlain(string path)
    {
        using var file = File.OpenRead(path);
        var gzip = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        using var plain = new MemoryStream();
        if (gzip)
        {
            using var unpacked = new GZipStream(file, CompressionMode.Decompress);
            unpacked.CopyTo(plain);
        }
        else
        {
            file.CopyTo(plain);
        }

        return plain.ToArray();
    }
}
