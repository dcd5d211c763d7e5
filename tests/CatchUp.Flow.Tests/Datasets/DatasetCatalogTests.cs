using System.IO.Compression;
using CatchUp.Flow.Datasets;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Datasets;

public sealed class DatasetCatalogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("catchup-datasets-").FullName;

    [Fact]
    public void Shipped_data_set_opens_with_its_ten_thousand_images()
    {
        using var images = new DatasetCatalog(Repository.Folder("datasets"), null).Open("fashion-mnist-10k");
        using var scope = NewDisposeScope();

        Assert.Equal((10_000, 1, 28, 28), (images.Count, images.Channels, images.Height, images.Width));
        Assert.Equal((ScalarType.Int64, 10), (images.Labels!.dtype, images.Classes));
        Assert.Equal(1_000, images.Labels.eq(9).sum().item<long>());
        Assert.Equal([9L, 2], images.LabelsOf([0, 1]).data<long>().ToArray());
        var batch = images.Images([0, 9_999]);
        Assert.Equal(ScalarType.Float32, batch.dtype);
        Assert.Equal((-1f, 1f), (batch.min().item<float>(), batch.max().item<float>()));
        Assert.True(PixelRange.ToBytes(batch).eq(images.Bytes([0, 9_999])).all().item<bool>());
    }

    [Fact]
    public void Plain_files_open_like_compressed_ones()
    {
        var target = Directory.CreateDirectory(Path.Combine(folder, "fashion-mnist-10k")).FullName;
        foreach (var file in Directory.EnumerateFiles(Repository.Folder("datasets/fashion-mnist-10k"), "*.gz"))
        {
            using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
            using var plain = File.Create(Path.Combine(target, Path.GetFileNameWithoutExtension(file)));
            packed.CopyTo(plain);
        }

        using var images = new DatasetCatalog(folder, null).Open("fashion-mnist-10k");

        Assert.Equal(10_000, images.Count);
    }

    [Fact]
    public void Missing_data_set_names_the_folders_and_the_remedy()
    {
        var error = Assert.Throws<DatasetUnavailableException>(() => new DatasetCatalog(folder, "/nowhere/data", "/nowhere/system").Open("fashion-mnist"));

        Assert.Contains("/nowhere/data", error.Message, StringComparison.Ordinal);
        Assert.Contains("CATCHUP_DATA", error.Message, StringComparison.Ordinal);
        Assert.Contains("dataset-fashion-mnist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Removed_shipped_data_set_names_the_folder()
    {
        var error = Assert.Throws<DatasetUnavailableException>(() => new DatasetCatalog(folder, null).Open("fashion-mnist-10k"));

        Assert.Contains(folder, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Changed_image_file_is_refused_by_its_hash()
    {
        var target = Directory.CreateDirectory(Path.Combine(folder, "fashion-mnist-10k")).FullName;
        foreach (var file in Directory.EnumerateFiles(Repository.Folder("datasets/fashion-mnist-10k"), "*.gz"))
        {
            using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
            using var plain = File.Create(Path.Combine(target, Path.GetFileNameWithoutExtension(file)));
            packed.CopyTo(plain);
            plain.Position = plain.Length - 1;
            plain.WriteByte(1);
        }

        var error = Assert.Throws<DatasetUnavailableException>(() => new DatasetCatalog(folder, null).Open("fashion-mnist-10k"));

        Assert.Contains("SHA-256", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Torn_image_file_is_refused()
    {
        var target = Directory.CreateDirectory(Path.Combine(folder, "fashion-mnist-10k")).FullName;
        foreach (var file in Directory.EnumerateFiles(Repository.Folder("datasets/fashion-mnist-10k"), "*.gz"))
        {
            File.WriteAllBytes(Path.Combine(target, Path.GetFileName(file)), File.ReadAllBytes(file)[..3000]);
        }

        Assert.Throws<DatasetUnavailableException>(() => new DatasetCatalog(folder, null).Open("fashion-mnist-10k"));
    }

    [Fact]
    public void Unknown_name_lists_the_known_ones()
    {
        var error = Assert.Throws<DatasetUnavailableException>(() => new DatasetCatalog(folder, null).Open("fashion"));

        Assert.Contains("fashion-mnist-10k, fashion-mnist, synthetic", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Synthetic_shapes_are_the_same_every_time()
    {
        using var images = new DatasetCatalog(folder, null).Open("synthetic");

        Assert.Equal(320, images.Count);
        Assert.StartsWith("6639ca914cf1c259", images.Hash, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
