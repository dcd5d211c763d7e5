using System.IO.Compression;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Datasets.Collections;
using CatchUp.Flow.Pictures;

namespace CatchUp.Flow.Tests.Datasets.Collections;

public sealed class CollectionReaderTests : IDisposable
{
    private static readonly ImageShape Shape = new(4, 1);

    private readonly string root = Directory.CreateTempSubdirectory("catchup-pictures-").FullName;

    private string Cache => Path.Combine(root, ".decoded");

    [Fact]
    public void Folders_are_classes_in_the_order_of_their_names()
    {
        Write("set/cats/b.png", 20);
        Write("set/cats/a.png", 10);
        Write("set/apes/deep/z.png", 30);
        Write("set/.hidden.png", 99);
        File.WriteAllText(Path.Combine(root, "set", "LICENSE.txt"), "free");

        using var images = Read("set");

        Assert.Equal((3, 1, 4, 4, 2), (images.Count, images.Channels, images.Height, images.Width, images.Classes));
        Assert.Equal([30, 10, 20], Values(images));
        Assert.Equal([0L, 1, 1], images.Labels!.data<long>().ToArray());
    }

    [Fact]
    public void Pictures_of_one_folder_have_no_classes()
    {
        Write("set/b.png", 20);
        Write("set/a.png", 10);

        using var images = Read("set");

        Assert.Equal([10, 20], Values(images));
        Assert.Null(images.Labels);
        Assert.Equal(0, images.Classes);
    }

    [Fact]
    public void Archive_gives_what_its_folder_gives()
    {
        WriteThree("set");
        ZipFile.CreateFromDirectory(Path.Combine(root, "set"), Path.Combine(root, "set.zip"));

        using var folder = Read("set");
        using var archive = Read("set.zip");

        Assert.Equal(folder.Hash, archive.Hash);
        Assert.Equal(Values(folder), Values(archive));
    }

    [Fact]
    public void Label_file_outranks_the_folders()
    {
        Write("set/00000/img0.png", 1);
        Write("set/00000/img1.png", 2);
        Write("set/00001/img2.png", 3);
        WriteText("set/dataset.json", """{ "labels": [["00001/img2.png", 0], ["00000/img0.png", 7], ["00000/img1.png", 0]] }""");

        using var images = Read("set");

        Assert.Equal([7L, 0, 0], images.Labels!.data<long>().ToArray());
        Assert.Equal(8, images.Classes);
    }

    [Theory]
    [InlineData("""{ "labels": [["a/1.png", 0]] }""", "gives a/2.png no class")]
    [InlineData("""{ "labels": [["a/1.png", 0], ["a/2.png", -1], ["b/3.png", 0]] }""", "gives a/2.png no class")]
    [InlineData("""{ "labels": [["a/1.png", "x"]] }""", "not of the form")]
    [InlineData("""{ "labels": [["a/1.png", 0], ["a/1.png", 1]] }""", "not of the form")]
    [InlineData("""{ "labels": 7 }""", "not of the form")]
    [InlineData("""[]""", "not of the form")]
    [InlineData("""{ "labels": [["a/1""", "not of the form")]
    public void Label_file_that_does_not_fit_is_refused(string text, string reason)
    {
        WriteThree("set");
        WriteText("set/dataset.json", text);

        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => Read("set")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Label_file_without_labels_leaves_it_to_the_folders()
    {
        WriteThree("set");
        WriteText("set/dataset.json", """{ "labels": null }""");

        using var images = Read("set");

        Assert.Equal([0L, 0, 1], images.Labels!.data<long>().ToArray());
    }

    [Fact]
    public void Second_reading_takes_the_kept_bytes()
    {
        WriteThree("set");
        using var first = Read("set");
        // The same size and time of writing: only who decodes again notices.
        var path = Path.Combine(root, "set/a/1.png");
        var written = File.GetLastWriteTimeUtc(path);
        File.WriteAllBytes(path, new byte[new FileInfo(path).Length]);
        File.SetLastWriteTimeUtc(path, written);

        using var second = Read("set");

        Assert.Equal(first.Hash, second.Hash);
        Assert.Equal([1, 2, 3], Values(second));
        Assert.Equal([0L, 0, 1], second.Labels!.data<long>().ToArray());
    }

    [Fact]
    public void Changed_picture_is_decoded_again_and_the_old_bytes_go()
    {
        WriteThree("set");
        Read("set").Dispose();
        Write("set/a/1.png", 50);
        File.SetLastWriteTimeUtc(Path.Combine(root, "set/a/1.png"), DateTime.UtcNow.AddHours(1));

        using var images = Read("set");

        Assert.Equal([50, 2, 3], Values(images));
        Assert.Single(Directory.GetFiles(Cache));
    }

    [Fact]
    public void Shapes_are_kept_apart()
    {
        WriteThree("set");
        Read("set").Dispose();
        using var small = new CollectionReader(Cache).Read("folder:set", Path.Combine(root, "set"), new ImageShape(2, 3));

        Assert.Equal((3, 2), (small.Channels, small.Width));
        Assert.Equal(2, Directory.GetFiles(Cache).Length);
    }

    [Fact]
    public void Damaged_kept_bytes_are_not_used()
    {
        WriteThree("set");
        Read("set").Dispose();
        var kept = Directory.GetFiles(Cache).Single();
        var bytes = File.ReadAllBytes(kept);
        bytes[^1] ^= 1;
        File.WriteAllBytes(kept, bytes);

        using var images = Read("set");

        Assert.Equal([1, 2, 3], Values(images));
        Assert.NotEqual(bytes, File.ReadAllBytes(kept));
    }

    [Fact]
    public void Folder_that_cannot_be_written_costs_only_time()
    {
        WriteThree("set");
        File.WriteAllText(Cache, "a file where the folder should be");

        using var images = Read("set");

        Assert.Equal([1, 2, 3], Values(images));
    }

    [Fact]
    public void Damaged_picture_is_named()
    {
        WriteThree("set");
        WriteText("set/a/bad.png", "no picture");

        var error = Assert.Throws<InvalidDataException>(() => Read("set"));

        Assert.Equal("The picture a/bad.png cannot be used: it is not a PNG picture.", error.Message);
    }

    [Fact]
    public void Pictures_of_another_format_are_refused_by_name()
    {
        WriteThree("set");
        WriteText("set/b/4.JPG", "jpeg");

        Assert.Contains("b/4.JPG", Assert.Throws<InvalidDataException>(() => Read("set")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_without_pictures_says_so()
    {
        Directory.CreateDirectory(Path.Combine(root, "set"));

        Assert.Contains("no PNG picture", Assert.Throws<InvalidDataException>(() => Read("set")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Torn_archive_is_refused()
    {
        WriteThree("set");
        var zip = Path.Combine(root, "set.zip");
        ZipFile.CreateFromDirectory(Path.Combine(root, "set"), zip);
        var whole = File.ReadAllBytes(zip);
        for (var length = 0; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(zip, whole[..length]);
            Assert.Throws<InvalidDataException>(() => Read("set.zip"));
        }
    }

    [Fact]
    public void Many_pictures_keep_their_places()
    {
        for (var i = 0; i < 1100; i++)
        {
            Write($"set/{i:0000}.png", (byte)(i % 251));
        }

        using var images = Read("set");

        Assert.Equal(Enumerable.Range(0, 1100).Select(i => (byte)(i % 251)), Values(images));
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private ImageDataset Read(string name) => new CollectionReader(Cache).Read("folder:set", Path.Combine(root, name), Shape);

    /// <summary>The first pixel of each image.</summary>
    private static byte[] Values(ImageDataset images)
    {
        using var bytes = images.Bytes([.. Enumerable.Range(0, images.Count).Select(i => (long)i)]);
        return bytes.select(1, 0).select(1, 0).select(1, 0).contiguous().data<byte>().ToArray();
    }

    private void WriteThree(string set)
    {
        Write($"{set}/a/1.png", 1);
        Write($"{set}/a/2.png", 2);
        Write($"{set}/b/3.png", 3);
    }

    /// <summary>A picture of one shade, larger than the shape it is read in.</summary>
    private void Write(string name, byte shade)
    {
        var path = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, PngEncoder.Encode([.. Enumerable.Repeat(shade, 5 * 6 * 3)], 5, 6, 3));
    }

    private void WriteText(string name, string text) => File.WriteAllText(Path.Combine(root, name), text);
}
