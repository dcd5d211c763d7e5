using System.Buffers.Binary;
using System.IO.Compression;

namespace CatchUp.Flow.Pictures;

/// <summary>
/// Reads the PNG files (ISO/IEC 15948) that image data sets are made of: grey, RGB and palette, with or without transparency, up to
/// 8 bits a channel, not interlaced. Transparent pixels are laid over white. Checksums are verified, and no file, whatever it claims,
/// takes more memory than the largest picture.
/// </summary>
public static class PngDecoder
{
    /// <summary>A picture has no more pixels than this.</summary>
    public const int MaximumPixels = 1 << 24;

    /// <exception cref="InvalidDataException">No PNG, a kind that is not read, or a damaged one; the message says which.</exception>
    public static Picture Decode(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(PngFormat.Signature))
        {
            throw new InvalidDataException(file.StartsWith<byte>([0xFF, 0xD8, 0xFF])
                ? "it is a JPEG picture, and only PNG is read: convert it."
                : "it is not a PNG picture.");
        }

        Header? header = null;
        ReadOnlySpan<byte> palette = [], opacity = [];
        using var packed = new MemoryStream();
        for (var at = PngFormat.Signature.Length; ;)
        {
            var chunk = ReadChunk(file, ref at);
            if ((header is null) != chunk.Type.SequenceEqual("IHDR"u8))
            {
                throw new InvalidDataException("its header is not its first part.");
            }

            if (header is null)
            {
                header = ReadHeader(chunk.Data);
            }
            else if (chunk.Type.SequenceEqual("PLTE"u8))
            {
                palette = chunk.Data;
            }
            else if (chunk.Type.SequenceEqual("tRNS"u8))
            {
                opacity = chunk.Data;
            }
            else if (chunk.Type.SequenceEqual("IDAT"u8))
            {
                packed.Write(chunk.Data);
            }
            else if (chunk.Type.SequenceEqual("IEND"u8))
            {
                break;
            }
        }

        packed.Position = 0;
        var samples = Unfilter(packed, header);
        return header.Colour == Colour.Palette
            ? LookUp(samples, header, palette, opacity)
            : ToPicture(Spread(samples, header), header.Width, header.Height, header.Samples);
    }

    private static Chunk ReadChunk(ReadOnlySpan<byte> file, scoped ref int at)
    {
        if (file.Length - at < 12 || BinaryPrimitives.ReadUInt32BigEndian(file[at..]) is var length && length > file.Length - at - 12)
        {
            throw new InvalidDataException("it is cut short.");
        }

        var body = file.Slice(at + 4, (int)length + 4);
        if (PngFormat.Checksum(body) != BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + (int)length)..]))
        {
            throw new InvalidDataException("it is damaged: a checksum does not match.");
        }

        at += (int)length + 12;
        return new Chunk(body[..4], body[4..]);
    }

    private static Header ReadHeader(ReadOnlySpan<byte> data)
    {
        if (data.Length != PngFormat.HeaderLength)
        {
            throw new InvalidDataException("its header is damaged.");
        }

        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(data), BinaryPrimitives.ReadUInt32BigEndian(data[4..]));
        var (depth, colour, compression, filter, interlace) = (data[8], (Colour)data[9], data[10], data[11], data[12]);
        if (width == 0 || height == 0 || (ulong)width * height > MaximumPixels)
        {
            throw new InvalidDataException($"it claims {width}×{height} pixels; pictures have 1 to {MaximumPixels} pixels.");
        }

        if (interlace != 0)
        {
            throw new InvalidDataException("it is interlaced, which is not read: save it without.");
        }

        var shallow = colour is Colour.Grey or Colour.Palette && depth is 1 or 2 or 4;
        return !Enum.IsDefined(colour) || compression != 0 || filter != 0 || (depth != 8 && !shallow)
            ? throw new InvalidDataException($"its pixels are of a kind that is not read (colour type {(int)colour}, {depth} bits): save it with 8 bits a channel.")
            : new Header((int)width, (int)height, depth, colour);
    }

    /// <summary>The rows as they were before each was predicted from its neighbours: packed samples, [height, stride].</summary>
    private static byte[] Unfilter(MemoryStream packed, Header header)
    {
        var (stride, distance) = (header.Stride, Math.Max(1, header.Samples * header.Depth / 8));
        var rows = new byte[header.Height * stride];
        ReadOnlySpan<byte> above = new byte[stride];
        try
        {
            using var unpacked = new ZLibStream(packed, CompressionMode.Decompress, leaveOpen: true);
            for (var y = 0; y < header.Height; y++)
            {
                var filter = unpacked.ReadByte();
                var row = rows.AsSpan(y * stride, stride);
                unpacked.ReadExactly(row);
                Unfilter(row, above, distance, filter);
                above = row;
            }
        }
        catch (EndOfStreamException error)
        {
            throw new InvalidDataException("it has fewer pixels than it claims.", error);
        }
        catch (IOException error)
        {
            // Some damage is reported as an error of the decompressor instead.
            throw new InvalidDataException($"it is damaged: {error.Message}", error);
        }

        return rows;
    }

    private static void Unfilter(Span<byte> row, ReadOnlySpan<byte> above, int distance, int filter)
    {
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (var i = distance; i < row.Length; i++)
                {
                    row[i] += row[i - distance];
                }

                break;
            case 2:
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] += above[i];
                }

                break;
            case 3:
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] += (byte)(((i < distance ? 0 : row[i - distance]) + above[i]) / 2);
                }

                break;
            case 4:
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] += i < distance ? above[i] : Paeth(row[i - distance], above[i], above[i - distance]);
                }

                break;
            case -1:
                throw new InvalidDataException("it has fewer pixels than it claims.");
            default:
                throw new InvalidDataException("it is damaged: it names a filter that does not exist.");
        }
    }

    /// <summary>Whichever neighbour is nearest to left + up − upper left.</summary>
    private static byte Paeth(byte left, byte up, byte corner)
    {
        var guess = left + up - corner;
        var (toLeft, toUp, toCorner) = (Math.Abs(guess - left), Math.Abs(guess - up), Math.Abs(guess - corner));
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    /// <summary>One byte a sample; grey of fewer bits is stretched to the full range.</summary>
    private static byte[] Spread(byte[] rows, Header header)
    {
        if (header.Depth == 8)
        {
            return rows;
        }

        var largest = (1 << header.Depth) - 1;
        var samples = new byte[header.Width * header.Height];
        for (var y = 0; y < header.Height; y++)
        {
            for (var x = 0; x < header.Width; x++)
            {
                var bit = x * header.Depth;
                var value = (rows[y * header.Stride + bit / 8] >> (8 - header.Depth - bit % 8)) & largest;
                samples[y * header.Width + x] = (byte)(header.Colour == Colour.Grey ? value * 255 / largest : value);
            }
        }

        return samples;
    }

    private static Picture LookUp(byte[] rows, Header header, ReadOnlySpan<byte> palette, ReadOnlySpan<byte> opacity)
    {
        var indices = Spread(rows, header);
        var pixels = new byte[indices.Length * 4];
        for (var i = 0; i < indices.Length; i++)
        {
            var index = indices[i];
            if (index * 3 + 3 > palette.Length)
            {
                throw new InvalidDataException("it is damaged: a pixel has a colour that its palette does not have.");
            }

            palette.Slice(index * 3, 3).CopyTo(pixels.AsSpan(i * 4));
            pixels[i * 4 + 3] = index < opacity.Length ? opacity[index] : (byte)255;
        }

        return ToPicture(pixels, header.Width, header.Height, 4);
    }

    /// <summary>Lays transparent pixels over white.</summary>
    private static Picture ToPicture(byte[] samples, int width, int height, int samplesPerPixel)
    {
        if (samplesPerPixel is 1 or 3)
        {
            return new Picture(width, height, samplesPerPixel, samples);
        }

        var channels = samplesPerPixel - 1;
        var pixels = new byte[width * height * channels];
        for (var pixel = 0; pixel < width * height; pixel++)
        {
            var alpha = samples[pixel * samplesPerPixel + channels];
            for (var channel = 0; channel < channels; channel++)
            {
                pixels[pixel * channels + channel] = (byte)((samples[pixel * samplesPerPixel + channel] * alpha + 255 * (255 - alpha) + 127) / 255);
            }
        }

        return new Picture(width, height, channels, pixels);
    }

    private enum Colour : byte
    {
        Grey = 0,
        Rgb = 2,
        Palette = 3,
        GreyAlpha = 4,
        RgbAlpha = 6,
    }

    private sealed record Header(int Width, int Height, int Depth, Colour Colour)
    {
        /// <summary>Samples of one pixel in the file.</summary>
        public int Samples => Colour switch
        {
            Colour.Rgb => 3,
            Colour.GreyAlpha => 2,
            Colour.RgbAlpha => 4,
            _ => 1,
        };

        /// <summary>Bytes of a row.</summary>
        public int Stride => (Width * Samples * Depth + 7) / 8;
    }

    private readonly ref struct Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        public ReadOnlySpan<byte> Type { get; } = type;

        public ReadOnlySpan<byte> Data { get; } = data;
    }
}
