using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Flow.Weights;

/// <summary>
/// Reads and writes the safetensors format: an 8-byte little-endian header length, a JSON header naming each tensor's
/// type, shape and byte range, then the raw little-endian data. Nothing in such a file is executed or unpickled.
/// </summary>
/// <remarks>
/// Types: F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL. Every file is checked whole before a tensor is made: ranges lie
/// inside the file, fit type and shape, and cover the data without holes or overlaps.
/// </remarks>
public static class SafeTensors
{
    /// <summary>A header is never longer than this, in bytes: the cap of the format's own reader.</summary>
    public const int MaximumHeaderLength = 100_000_000;

    private const string MetadataName = "__metadata__";

    /// <summary>Bytes copied at a time: spans hold less than 2 GiB, tensors may hold more.</summary>
    private const long ChunkBytes = 1 << 26;

    /// <summary>All tensors of a file, by name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where the tensors go; CPU when null.</param>
    /// <exception cref="InvalidDataException">The file is torn, or is no safetensors file that this reader accepts; the message names the file and the fault.</exception>
    public static Dictionary<string, Tensor> Load(string path, Device? device = null)
    {
        using var stream = OpenRead(path);
        return Load(stream, path, device);
    }

    /// <summary>As <see cref="Load(string, Device?)"/>, from a stream that can seek and stands at its beginning.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="source">What error messages call the stream.</param>
    /// <param name="device">Where the tensors go; CPU when null.</param>
    public static Dictionary<string, Tensor> Load(Stream stream, string source, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var header = ReadHeader(stream, source);
        var tensors = new Dictionary<string, Tensor>(header.Entries.Count, StringComparer.Ordinal);
        try
        {
            foreach (var entry in header.Entries)
            {
                var tensor = empty(entry.Shape, entry.Type);
                tensors.Add(entry.Name, tensor);
                ReadInto(tensor, stream, source, entry.Name);
                if (device is not null && device.type != DeviceType.CPU)
                {
                    tensors[entry.Name] = tensor.to(device);
                    tensor.Dispose();
                }
            }

            return tensors;
        }
        catch
        {
            foreach (var tensor in tensors.Values)
            {
                tensor.Dispose();
            }

            throw;
        }
    }

    /// <summary>The free-form text entries of a file's header; empty when it has none.</summary>
    /// <exception cref="InvalidDataException">As <see cref="Load(string, Device?)"/>.</exception>
    public static IReadOnlyDictionary<string, string> LoadMetadata(string path)
    {
        using var stream = OpenRead(path);
        return ReadHeader(stream, path).Metadata;
    }

    /// <summary>Writes tensors to a file, replacing it. The same tensors and metadata give the same bytes.</summary>
    /// <remarks>Tensors are written one by one, so no second copy of all of them is held. Whoever needs the file to be there whole or not at all writes to a temporary name and renames.</remarks>
    public static void Save(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        Save(stream, tensors, metadata);
    }

    /// <summary>As <see cref="Save(string, IReadOnlyDictionary{string, Tensor}, IReadOnlyDictionary{string, string}?)"/>, to a stream that need not seek.</summary>
    public static void Save(Stream stream, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);

        // Wider types first keeps every tensor aligned to its own type; the name makes the order one of a kind.
        var ordered = tensors
            .OrderByDescending(pair => ElementSize(pair.Value.dtype))
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .ToList();

        var header = WriteHeader(ordered, metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, tensor) in ordered)
        {
            WriteFrom(tensor, stream);
        }

        stream.Flush();
    }

    private static byte[] WriteHeader(List<KeyValuePair<string, Tensor>> ordered, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataName);
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            foreach (var (name, tensor) in ordered)
            {
                if (name == MetadataName)
                {
                    throw new ArgumentException($"No tensor may be called '{MetadataName}': the format keeps that name for its text entries.", nameof(ordered));
                }

                json.WriteStartObject(name);
                json.WriteString("dtype", TypeName(tensor.dtype));
                json.WriteStartArray("shape");
                foreach (var size in tensor.shape)
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += tensor.numel() * ElementSize(tensor.dtype);
                json.WriteNumberValue(offset);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }

    private static void ReadInto(Tensor tensor, Stream stream, string source, string name)
    {
        if (tensor.numel() == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var flat = tensor.view(-1);
        var chunk = ChunkBytes / ElementSize(tensor.dtype);
        for (long start = 0; start < flat.numel(); start += chunk)
        {
            using var part = flat.narrow(0, start, Math.Min(chunk, flat.numel() - start));
            try
            {
                stream.ReadExactly(part.bytes);
            }
            catch (EndOfStreamException error)
            {
                throw new InvalidDataException($"{source}: the file ends inside tensor '{name}'.", error);
            }
        }
    }

    private static void WriteFrom(Tensor tensor, Stream stream)
    {
        if (tensor.numel() == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var flat = tensor.detach().cpu().contiguous().view(-1);
        var chunk = ChunkBytes / ElementSize(tensor.dtype);
        for (long start = 0; start < flat.numel(); start += chunk)
        {
            using var part = flat.narrow(0, start, Math.Min(chunk, flat.numel() - start));
            stream.Write(part.bytes);
        }
    }

    private static FileStream OpenRead(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);

    private static Header ReadHeader(Stream stream, string source)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (stream.Length < prefix.Length)
        {
            throw new InvalidDataException($"{source}: {stream.Length} bytes are too few for a safetensors file.");
        }

        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaximumHeaderLength || length > (ulong)(stream.Length - prefix.Length))
        {
            throw new InvalidDataException($"{source}: the header claims {length} bytes; the file has {stream.Length} and a header at most {MaximumHeaderLength}. It is torn, or no safetensors file.");
        }

        var bytes = new byte[(int)length];
        stream.ReadExactly(bytes);
        var dataLength = stream.Length - prefix.Length - bytes.Length;
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 4 });
            return ParseHeader(document.RootElement, dataLength, source);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{source}: the header is not JSON that this format allows.", error);
        }
    }

    private static Header ParseHeader(JsonElement root, long dataLength, string source)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException($"{source}: the header must be a JSON object, not {root.ValueKind}.");
        }

        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = new List<Entry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in root.EnumerateObject())
        {
            if (!names.Add(property.Name))
            {
                throw new InvalidDataException($"{source}: the header names '{property.Name}' twice.");
            }

            if (property.Name == MetadataName)
            {
                ParseMetadata(property.Value, metadata, source);
            }
            else
            {
                entries.Add(ParseEntry(property, source));
            }
        }

        // Read in file order; each range begins where the one before ended, so none overlaps and no byte is unnamed.
        entries.Sort((left, right) => left.Begin != right.Begin ? left.Begin.CompareTo(right.Begin) : left.End.CompareTo(right.End));
        long position = 0;
        foreach (var entry in entries)
        {
            if (entry.Begin != position)
            {
                throw new InvalidDataException($"{source}: tensor '{entry.Name}' begins at byte {entry.Begin} of the data, expected {position}: ranges may neither overlap nor leave holes.");
            }

            position = entry.End;
        }

        if (position != dataLength)
        {
            throw new InvalidDataException($"{source}: the header describes {position} bytes of data, the file has {dataLength}. It is torn, or was changed.");
        }

        return new Header(entries, metadata);
    }

    private static void ParseMetadata(JsonElement value, Dictionary<string, string> metadata, string source)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException($"{source}: '{MetadataName}' must be a JSON object of texts.");
        }

        foreach (var item in value.EnumerateObject())
        {
            if (item.Value.ValueKind != JsonValueKind.String)
            {
                throw new InvalidDataException($"{source}: '{MetadataName}' entry '{item.Name}' must be a text.");
            }

            metadata[item.Name] = item.Value.GetString()!;
        }
    }

    private static Entry ParseEntry(JsonProperty property, string source)
    {
        var name = property.Name;
        var value = property.Value;
        if (value.ValueKind != JsonValueKind.Object
            || !value.TryGetProperty("dtype", out var typeName) || typeName.ValueKind != JsonValueKind.String
            || !TryReadIntegers(value, "shape", out var shape)
            || !TryReadIntegers(value, "data_offsets", out var offsets) || offsets.Length != 2)
        {
            throw new InvalidDataException($"{source}: tensor '{name}' needs a dtype, a shape and two data_offsets, all of them whole numbers from 0.");
        }

        if (ParseType(typeName.GetString()!) is not { } type)
        {
            throw new InvalidDataException($"{source}: tensor '{name}' has the type '{typeName.GetString()}', which this reader does not know.");
        }

        long bytes = ElementSize(type);
        try
        {
            foreach (var size in shape)
            {
                bytes = checked(bytes * size);
            }
        }
        catch (OverflowException error)
        {
            throw new InvalidDataException($"{source}: tensor '{name}' has an impossibly large shape.", error);
        }

        var (begin, end) = (offsets[0], offsets[1]);
        if (end < begin || end - begin != bytes)
        {
            throw new InvalidDataException($"{source}: tensor '{name}' needs {bytes} bytes for its type and shape, its range {begin} to {end} does not hold that many.");
        }

        return new Entry(name, type, shape, begin, end);
    }

    private static bool TryReadIntegers(JsonElement parent, string name, out long[] values)
    {
        values = [];
        if (!parent.TryGetProperty(name, out var array) || array.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        values = new long[array.GetArrayLength()];
        var index = 0;
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out values[index]) || values[index] < 0)
            {
                return false;
            }

            index++;
        }

        return true;
    }

    private static ScalarType? ParseType(string name) => name switch
    {
        "F64" => ScalarType.Float64,
        "F32" => ScalarType.Float32,
        "F16" => ScalarType.Float16,
        "BF16" => ScalarType.BFloat16,
        "I64" => ScalarType.Int64,
        "I32" => ScalarType.Int32,
        "I16" => ScalarType.Int16,
        "I8" => ScalarType.Int8,
        "U8" => ScalarType.Byte,
        "BOOL" => ScalarType.Bool,
        _ => null,
    };

    private static string TypeName(ScalarType type) => type switch
    {
        ScalarType.Float64 => "F64",
        ScalarType.Float32 => "F32",
        ScalarType.Float16 => "F16",
        ScalarType.BFloat16 => "BF16",
        ScalarType.Int64 => "I64",
        ScalarType.Int32 => "I32",
        ScalarType.Int16 => "I16",
        ScalarType.Int8 => "I8",
        ScalarType.Byte => "U8",
        ScalarType.Bool => "BOOL",
        _ => throw new NotSupportedException($"Tensors of type {type} cannot be saved as safetensors."),
    };

    private static int ElementSize(ScalarType type) => type switch
    {
        ScalarType.Float64 or ScalarType.Int64 => 8,
        ScalarType.Float32 or ScalarType.Int32 => 4,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
        ScalarType.Int8 or ScalarType.Byte or ScalarType.Bool => 1,
        _ => throw new NotSupportedException($"Tensors of type {type} cannot be saved as safetensors."),
    };

    private sealed record Entry(string Name, ScalarType Type, long[] Shape, long Begin, long End);

    private sealed record Header(List<Entry> Entries, Dictionary<string, string> Metadata);
}
