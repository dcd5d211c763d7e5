using CatchUp.Flow.Datasets;

namespace CatchUp.Flow.Tests.Datasets;

public sealed class CifarBatchesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("catchup-cifar-").FullName;

    [Fact]
    public void Records_become_images_by_plane_and_labels()
    {
        // Image i of file f: class i, and every red value is 10 f + i, every green one 100 more, every blue one 200 more.
        string[] paths = [Write(1, 3), Write(2, 2)];

        using var images = CifarBatches.Read("cifar10", paths.Reverse());

        Assert.Equal((5, 3, 32, 32, 3), (images.Count, images.Channels, images.Height, images.Width, images.Classes));
        Assert.Equal([0L, 1, 2, 0, 1], images.Labels!.data<long>().ToArray());
        using var pixels = images.Bytes([1, 4]);
        Assert.Equal([11, 111, 211, 21, 121, 221], pixels.amin([2, 3]).view(-1).data<byte>().ToArray());
        Assert.Equal([11, 111, 211, 21, 121, 221], pixels.amax([2, 3]).view(-1).data<byte>().ToArray());
    }

    [Fact]
    public void Rows_keep_their_order()
    {
        var record = new byte[3073];
        for (var i = 0; i < 3072; i++)
        {
            record[1 + i] = (byte)(i % 32 + i / 32 % 32 * 3);
        }

        var path = Path.Combine(folder, "data_batch_1.bin");
        File.WriteAllBytes(path, record);

        using var images = CifarBatches.Read("cifar10", [path]);
        using var pixels = images.Bytes([0]);

        Assert.Equal(5 + 7 * 3, pixels[0, 2, 7, 5].item<byte>());
    }

    [Theory]
    [InlineData(3072)]
    [InlineData(0)]
    public void File_of_broken_records_is_refused(int length)
    {
        var path = Path.Combine(folder, "data_batch_1.bin");
        File.WriteAllBytes(path, new byte[length]);

        Assert.Contains("whole records", Assert.Throws<InvalidDataException>(() => CifarBatches.Read("cifar10", [path])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Class_that_does_not_exist_is_refused()
    {
        var path = Write(1, 3);
        var bytes = File.ReadAllBytes(path);
        bytes[3073] = 10;
        File.WriteAllBytes(path, bytes);

        Assert.Contains("record 1 is of class 10", Assert.Throws<InvalidDataException>(() => CifarBatches.Read("cifar10", [path])).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Write(int file, int records)
    {
        var bytes = new List<byte>();
        for (var record = 0; record < records; record++)
        {
            bytes.Add((byte)record);
            foreach (var plane in (int[])[0, 100, 200])
            {
                bytes.AddRange(Enumerable.Repeat((byte)(10 * file + record + plane), 1024));
            }
        }

        var path = Path.Combine(folder, $"data_batch_{file}.bin");
        File.WriteAllBytes(path, [.. bytes]);
        return path;
    }
}
