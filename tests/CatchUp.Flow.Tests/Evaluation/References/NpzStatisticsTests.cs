using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using CatchUp.Flow.Evaluation.References;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Evaluation.References;

public sealed class NpzStatisticsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("catchup-npz-").FullName;

    private string File => Path.Combine(folder, "statistics.npz");

    [Fact]
    public void File_that_NumPy_wrote_gives_its_mean_and_covariance()
    {
        using var scope = NewDisposeScope();

        using var statistics = NpzStatistics.Read(Path.Combine(Repository.Folder("tests/CatchUp.Flow.Tests/Evaluation/References"), "numpy.npz"), 64);

        Assert.Equal(Enumerable.Range(0, 64).Select(i => i / 8.0), statistics.Mean().data<double>().ToArray());
        Assert.True(statistics.Covariance().allclose(diag(arange(1, 65, dtype: ScalarType.Float64)) + 0.5, 1e-12, 1e-12));
    }

    [Fact]
    public void Single_precision_and_longer_headers_are_read_too()
    {
        using var scope = NewDisposeScope();
        Write(("mu", Array("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", version: 2, [.. Bytes(1f), .. Bytes(2f)])),
            ("sigma", Array("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", version: 1, [.. Bytes(3f), .. Bytes(1f), .. Bytes(1f), .. Bytes(5f)])));

        using var statistics = NpzStatistics.Read(File, 2);

        Assert.Equal([1.0, 2.0], statistics.Mean().data<double>().ToArray());
        Assert.Equal([3.0, 1.0, 1.0, 5.0], statistics.Covariance().data<double>().ToArray());
    }

    [Theory]
    [InlineData("no sigma", "no 'sigma'")]
    [InlineData("other dimensions", "measured with another extractor")]
    [InlineData("pickled", "little-endian float64 or float32")]
    [InlineData("cut short", "cut short")]
    [InlineData("no array", "no NumPy array")]
    [InlineData("long header", "impossibly long")]
    [InlineData("no zip", "")]
    public void Anything_else_is_refused(string fault, string reason)
    {
        using var scope = NewDisposeScope();
        var mu = Array("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", 1, Bytes(1.0));
        var sigma = fault switch
        {
            "other dimensions" => Array("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }", 1, new byte[32]),
            "pickled" => Array("{'descr': '|O', 'fortran_order': False, 'shape': (1, 1), }", 1, new byte[8]),
            "cut short" => Array("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1), }", 1, new byte[7]),
            "no array" => Encoding.ASCII.GetBytes("something else entirely"),
            "long header" => [0x93, .. "NUMPY"u8, 2, 0, 0xff, 0xff, 0xff, 0x7f],
            _ => Array("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1), }", 1, Bytes(1.0)),
        };
        if (fault == "no sigma")
        {
            Write(("mu", mu));
        }
        else if (fault == "no zip")
        {
            System.IO.File.WriteAllText(File, "no zip");
        }
        else
        {
            Write(("mu", mu), ("sigma", sigma));
        }

        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => NpzStatistics.Read(File, 1)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static byte[] Bytes(float value) => BitConverter.GetBytes(value);

    private static byte[] Bytes(double value) => BitConverter.GetBytes(value);

    private static byte[] Array(string header, byte version, byte[] values)
    {
        var length = new byte[version == 1 ? 2 : 4];
        if (version == 1)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, header.Length);
        }

        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. values];
    }

    private void Write(params (string Name, byte[] Content)[] arrays)
    {
        using var archive = ZipFile.Open(File, ZipArchiveMode.Create);
        foreach (var (name, content) in arrays)
        {
            using var stream = archive.CreateEntry(name + ".npy").Open();
            stream.Write(content);
        }
    }
}
