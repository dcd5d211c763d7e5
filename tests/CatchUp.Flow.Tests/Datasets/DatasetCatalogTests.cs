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

        Assert.Contains("fashion-mnist-10k, fashion-mnist, mnist, cifar10, imagenet64, synthetic", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Synthetic_shapes_are_the_same_every_time()
    {
        using var images = new DatasetCatalog(folder, null).Open("synthetic");

        Assert.Equal(320, images.Count);
        Assert.StartsWith("6639ca914cf1c259", images.Hash, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fashion-mnist-10k")]
    [InlineData("synthetic")]
    public void Data_sets_that_are_here_are_as_their_cards_say(string name)
    {
        using var images = new DatasetCatalog(Repository.Folder("datasets"), null).Open(name);

        Assert.Equal(DatasetCatalog.Known.Single(card => card.Name == name), new DatasetCard(images.Name, images.Width, images.Channels, images.Classes));
    }

    [Fact]
    public void Known_data_set_opens_in_another_shape()
    {
        var catalog = new DatasetCatalog(folder, null);
        using var own = catalog.Open("synthetic");
        using var other = catalog.Open("synthetic", 16, 3);
        using var named = catalog.Open("synthetic", 28, 1);

        Assert.Equal((320, 3, 16, 16, 3), (other.Count, other.Channels, other.Height, other.Width, other.Classes));
        Assert.Equal(own.Labels!.data<long>().ToArray(), other.Labels!.data<long>().ToArray());
        Assert.NotEqual(own.Hash, other.Hash);
        Assert.Equal(own.Hash, named.Hash);
    }

    [Theory]
    [InlineData("mnist", "download mnist")]
    [InlineData("cifar10", "download cifar10")]
    [InlineData("imagenet64", "docs/data.md")]
    [InlineData("folder:mine", "docs/data.md")]
    public void Data_set_that_is_not_there_says_how_to_get_it(string name, string remedy)
    {
        var missing = Assert.Throws<DatasetUnavailableException>(() => new DatasetCatalog(folder, folder).Open(name, 8, 1));
        var unset = Assert.Throws<DatasetUnavailableException>(() => new DatasetCatalog(folder, null).Open(name, 8, 1));

        Assert.Contains($"in {Path.Combine(folder, name.Replace("folder:", "", StringComparison.Ordinal))}", missing.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, missing.Message, StringComparison.Ordinal);
        Assert.Contains("CATCHUP_DATA", unset.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, unset.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_images_under_the_name_of_mnist_are_refused()
    {
        var target = Directory.CreateDirectory(Path.Combine(folder, "mnist")).FullName;
        foreach (var file in Directory.EnumerateFiles(Repository.Folder("datasets/fashion-mnist-10k"), "*.gz"))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file).Replace("t10k", "train", StringComparison.Ordinal)));
        }

        var error = Assert.Throws<DatasetUnavailableException>(() => new DatasetCatalog(folder, folder).Open("mnist"));

        Assert.Contains("expected ba891046", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cifar-10-batches-bin")]
    public void Cifar_opens_from_its_five_batches(string inside)
    {
        var target = Directory.CreateDirectory(Path.Combine(folder, "cifar10", inside)).FullName;
        for (var batch = 1; batch <= 5; batch++)
        {
            // Black images of class 0: a sparse file.
            using var file = File.Create(Path.Combine(target, $"data_batch_{batch}.bin"));
            file.SetLength(30_730_000);
        }

        using var images = new DatasetCatalog(folder, folder).Open("cifar10", 8);

        Assert.Equal((50_000, 3, 8, 8), (images.Count, images.Channels, images.Height, images.Width));
    }

    [Fact]
    public void Cifar_cut_short_is_refused()
    {
        var target = Directory.CreateDirectory(Path.Combine(folder, "cifar10")).FullName;
        for (var batch = 1; batch <= 5; batch++)
        {
            File.WriteAllBytes(Path.Combine(target, $"data_batch_{batch}.bin"), new byte[3073]);
        }

        Assert.Contains("expected 30730000", Assert.Throws<DatasetUnavailableException>(() => new DatasetCatalog(folder, folder).Open("cifar10")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_of_pictures_opens_by_its_name()
    {
        var target = Directory.CreateDirectory(Path.Combine(folder, "my-pictures", "cats")).FullName;
        File.WriteAllBytes(Path.Combine(target, "1.png"), CatchUp.Flow.Pictures.PngEncoder.Encode([1, 2, 3, 4], 2, 2, 1));

        using var images = new DatasetCatalog(folder, folder).Open("folder:my-pictures", 2, 1);

        Assert.Equal(("folder:my-pictures", 1, 2), (images.Name, images.Count, images.Width));
    }

    [Theory]
    [InlineData("folder:")]
    [InlineData("folder:..")]
    [InlineData("folder:../secret")]
    [InlineData("folder:/etc")]
    [InlineData("folder:a/b")]
    [InlineData("folder:My-Pictures")]
    [InlineData("folder:.decoded")]
    [InlineData("folder:a.b")]
    [InlineData("folder:a\0b")]
    [InlineData("folder:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Folder_name_that_could_lead_elsewhere_is_refused(string name)
    {
        var error = Assert.Throws<DatasetUnavailableException>(() => new DatasetCatalog(folder, folder).Open(name, 8, 1));

        Assert.Contains("lower-case letters", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_without_a_shape_asks_for_one()
    {
        Directory.CreateDirectory(Path.Combine(folder, "mine"));

        Assert.Contains("data.side", Assert.Throws<DatasetUnavailableException>(() => new DatasetCatalog(folder, folder).Open("folder:mine")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
