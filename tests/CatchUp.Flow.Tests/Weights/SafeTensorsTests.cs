using System.Buffers.Binary;
using System.Text;
using CatchUp.Flow.Weights;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Weights;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("catchup-safetensors-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Round_trip_of_every_type_and_shape_keeps_bits_and_metadata()
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>
        {
            ["f32"] = randn(3, 5),
            ["f64"] = randn(7, dtype: ScalarType.Float64),
            ["f16"] = randn(4).to(ScalarType.Float16),
            ["bf16"] = randn(4, 3).to(ScalarType.BFloat16),
            ["i64"] = tensor(new[] { long.MinValue, -1, long.MaxValue }),
            ["i32"] = tensor(new[] { int.MinValue, 7 }),
            ["u8"] = tensor(new byte[] { 0, 255, 3 }),
            ["scalar"] = tensor(2.5f),
            ["empty"] = zeros(0, 4),
            ["a b/c.weight \"ü\""] = ones(1, 1, 2, 2),
        };
        var path = Path.Combine(_folder, "all.safetensors");

        SafeTensors.Save(path, tensors, new Dictionary<string, string> { ["step"] = "12" });
        var loaded = SafeTensors.Load(path);

        Assert.Equal(tensors.Keys.Order(), loaded.Keys.Order());
        foreach (var (name, expected) in tensors)
        {
            Assert.Equal(expected.dtype, loaded[name].dtype);
            Assert.Equal(expected.shape, loaded[name].shape);
            Assert.True(expected.numel() == 0 || expected.equal(loaded[name]).all().item<bool>(), name);
        }

        Assert.Equal("12", SafeTensors.LoadMetadata(path)["step"]);
    }

    [Fact]
    public void Non_contiguous_tensor_is_saved_in_its_logical_order()
    {
        using var scope = NewDisposeScope();
        var transposed = arange(6, dtype: ScalarType.Float32).view(2, 3).t();
        var path = Path.Combine(_folder, "transposed.safetensors");

        SafeTensors.Save(path, new Dictionary<string, Tensor> { ["x"] = transposed });

        Assert.Equal([0f, 3f, 1f, 4f, 2f, 5f], SafeTensors.Load(path)["x"].data<float>().ToArray());
    }

    [Fact]
    public void Same_tensors_give_the_same_bytes_whatever_their_order()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (randn(3), zeros(2, dtype: ScalarType.Int64));
        var first = new MemoryStream();
        var second = new MemoryStream();

        SafeTensors.Save(first, new Dictionary<string, Tensor> { ["x"] = x, ["y"] = y });
        SafeTensors.Save(second, new Dictionary<string, Tensor> { ["y"] = y, ["x"] = x });

        Assert.Equal(first.ToArray(), second.ToArray());
    }

    [Fact]
    public void File_cut_at_any_byte_is_refused()
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(_folder, "whole.safetensors");
        SafeTensors.Save(path, new Dictionary<string, Tensor> { ["x"] = randn(3), ["y"] = randn(2, 2) });
        var whole = File.ReadAllBytes(path);

        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => SafeTensors.Load(new MemoryStream(whole, 0, length), "cut"));
        }

        Assert.Throws<InvalidDataException>(() => SafeTensors.Load(new MemoryStream([.. whole, 0]), "longer"));
        Assert.Equal(2, SafeTensors.Load(new MemoryStream(whole), "whole").Count);
    }

    [Theory]
    [InlineData("""[]""", 0, "JSON object")]
    [InlineData("""{"x":1}""", 0, "needs a dtype")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1]}}""", 4, "needs a dtype")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "needs a dtype")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "needs a dtype")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, "needs a dtype")]
    [InlineData("""{"x":{"dtype":"Q4","shape":[1],"data_offsets":[0,4]}}""", 4, "does not know")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "does not hold")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "does not hold")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "neither overlap")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "impossibly large")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "torn")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "neither overlap")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "twice")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "must be a text")]
    [InlineData("""{"x":{"dtype":"F32","shape":[[[[[[1]]]]]],"data_offsets":[0,4]}}""", 4, "not JSON")]
    [InlineData("""{"x":""", 0, "not JSON")]
    public void Hostile_header_is_refused_with_its_fault(string header, int dataLength, string fault)
    {
        var bytes = new byte[8 + Encoding.UTF8.GetByteCount(header) + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - 8 - dataLength);
        Encoding.UTF8.GetBytes(header, bytes.AsSpan(8));

        var error = Assert.Throws<InvalidDataException>(() => SafeTensors.Load(new MemoryStream(bytes), "hostile"));

        Assert.StartsWith("hostile: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 40)]
    [InlineData(100_000_001UL)]
    [InlineData(100UL)]
    public void Header_length_beyond_the_file_is_refused_without_allocating_it(ulong length)
    {
        var bytes = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);

        Assert.Throws<InvalidDataException>(() => SafeTensors.Load(new MemoryStream(bytes), "hostile"));
    }

    [Fact]
    public void Tensor_named_like_the_metadata_is_not_saved()
    {
        using var x = zeros(1);
        Assert.Throws<ArgumentException>(() => SafeTensors.Save(new MemoryStream(), new Dictionary<string, Tensor> { ["__metadata__"] = x }));
    }
}
