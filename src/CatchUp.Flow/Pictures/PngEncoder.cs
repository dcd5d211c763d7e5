using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace CatchUp.Flow.Pictures;

/// <summary>Writes 8-bit grey and RGB images as PNG (ISO/IEC 15948).</summary>
public static class PngEncoder
{
    /// <param name="pixels">Row by row; for RGB three bytes a pixel.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 for grey, 3 for RGB.</param>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height, int channels)
    {
        using var file = new MemoryStream();
        file.Write(PngFormat.Signature);
        Span<byte> header = stackalloc byte[PngFormat.HeaderLength];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = (byte)(channels == 1 ? 0 : 2);
        header[10..].Clear();
        WriteChunk(file, "IHDR", header);
        WriteChunk(file, "IDAT", Compress(pixels, width * channels, height));
        WriteChunk(file, "IEND", []);
        return file.ToArray();
    }

    /// <summary>Every row begins with its filter; 0 leaves the bytes as they are, which suits small dark images.</summary>
    private static byte[] Compress(ReadOnlySpan<byte> pixels, int stride, int height)
    {
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (var row = 0; row < height; row++)
            {
                deflate.WriteByte(0);
                deflate.Write(pixels.Slice(row * stride, stride));
            }
        }

        return packed.ToArray();
    }

    private static void WriteChunk(MemoryStream file, string type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        var start = (int)file.Length;
        file.Write(Encoding.ASCII.GetBytes(type));
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, PngFormat.Checksum(file.GetBuffer().AsSpan(start, (int)file.Length - start)));
        file.Write(number);
    }
}
