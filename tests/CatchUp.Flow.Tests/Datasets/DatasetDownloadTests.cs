using System.Formats.Tar;
using System.IO.Compression;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Downloads;
using CatchUp.Flow.Tests.Downloads;

namespace CatchUp.Flow.Tests.Datasets;

public sealed class DatasetDownloadTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("catchup-download-").FullName;
    private readonly FileServer server = new();
    private readonly FileDownload files = new(TimeProvider.System, new DownloadOptions { RetryDelay = TimeSpan.FromMilliseconds(5) });

    [Fact]
    public async Task Files_are_taken_from_where_they_were_published()
    {
        server.Files["a/one.gz"] = [1, 2, 3];
        server.Files["b/two.gz"] = [4, 5];
        var source = new DatasetSource("tiny", [File("one.gz", "a/one.gz"), File("two.gz", "b/two.gz")]);

        var place = await new DatasetDownload(files, folder).FetchAsync(source, null, TestContext.Current.CancellationToken);

        Assert.Equal(Path.Combine(folder, "tiny"), place);
        Assert.Equal([1, 2, 3], Bytes("tiny/one.gz"));
        Assert.Equal([4, 5], Bytes("tiny/two.gz"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("data/sets/")]
    public async Task Mirror_has_a_folder_for_each_data_set(string inside)
    {
        server.Files[$"{inside}tiny/one.gz"] = [1, 2, 3];
        var source = new DatasetSource("tiny", [new("one.gz", new RemoteFile(new Uri("http://127.0.0.1:9/never"), FileServer.Hash([1, 2, 3]), 3))]);

        await new DatasetDownload(files, folder, new Uri(server.Address, inside)).FetchAsync(source, null, TestContext.Current.CancellationToken);

        Assert.Equal([1, 2, 3], Bytes("tiny/one.gz"));
    }

    [Fact]
    public async Task Archive_is_unpacked_and_deleted()
    {
        var archive = Archive(("inside/one.bin", [1, 2, 3]), ("inside/readme.html", [9]), ("../two.bin", [4, 5]));
        var source = Packed(archive, new("one.bin", 3), new("two.bin", 2));
        var download = new DatasetDownload(files, folder);

        await download.FetchAsync(source, null, TestContext.Current.CancellationToken);
        await download.FetchAsync(source, null, TestContext.Current.CancellationToken);

        Assert.Equal([1, 2, 3], Bytes("tiny/one.bin"));
        Assert.Equal([4, 5], Bytes("tiny/two.bin"));
        Assert.Equal(["one.bin", "two.bin"], Directory.GetFiles(Path.Combine(folder, "tiny")).Select(Path.GetFileName).Order());
        Assert.Single(server.Starts);
    }

    [Fact]
    public async Task Unpacking_that_was_interrupted_is_done_again()
    {
        var archive = Archive(("one.bin", [1, 2, 3]));
        var source = Packed(archive, new DatasetSource.ArchiveMember("one.bin", 3));
        Directory.CreateDirectory(Path.Combine(folder, "tiny"));
        System.IO.File.WriteAllBytes(Path.Combine(folder, "tiny", "packed.tar.gz"), archive);
        System.IO.File.WriteAllBytes(Path.Combine(folder, "tiny", "one.bin.part"), [1]);
        System.IO.File.WriteAllBytes(Path.Combine(folder, "tiny", "one.bin"), [1]);

        await new DatasetDownload(files, folder).FetchAsync(source, null, TestContext.Current.CancellationToken);

        Assert.Equal([1, 2, 3], Bytes("tiny/one.bin"));
        Assert.Empty(server.Starts);
    }

    [Theory]
    [InlineData("one.bin", 4)]
    [InlineData("other.bin", 3)]
    public async Task Archive_without_a_member_is_refused(string member, long bytes)
    {
        var source = Packed(Archive(("one.bin", [1, 2, 3])), new DatasetSource.ArchiveMember(member, bytes));

        var error = await Assert.ThrowsAsync<DownloadFailedException>(() => new DatasetDownload(files, folder).FetchAsync(source, null, TestContext.Current.CancellationToken));

        Assert.Contains(member, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_that_is_no_archive_is_refused()
    {
        var source = Packed([1, 2, 3, 4, 5], new DatasetSource.ArchiveMember("one.bin", 3));

        await Assert.ThrowsAsync<DownloadFailedException>(() => new DatasetDownload(files, folder).FetchAsync(source, null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Published_sources_are_known_data_sets_at_https_addresses_with_hashes()
    {
        Assert.Equal(["fashion-mnist", "mnist", "cifar10"], DatasetSources.All.Select(source => source.Name));
        Assert.All(DatasetSources.All, source => Assert.Contains(DatasetCatalog.Known, card => card.Name == source.Name));
        Assert.All(DatasetSources.All.SelectMany(source => source.Files), file =>
        {
            Assert.Equal("https", file.Remote.Address.Scheme);
            Assert.EndsWith("/" + file.Name, file.Remote.Address.AbsolutePath, StringComparison.Ordinal);
            Assert.Matches("^[0-9a-f]{64}$", file.Remote.Sha256);
        });
    }

    public void Dispose()
    {
        files.Dispose();
        server.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private DatasetSource.SourceFile File(string name, string path) =>
        new(name, new RemoteFile(new Uri(server.Address, path), FileServer.Hash(server.Files[path]), server.Files[path].Length));

    private DatasetSource Packed(byte[] archive, params DatasetSource.ArchiveMember[] members)
    {
        server.Files["packed.tar.gz"] = archive;
        return new("tiny", [File("packed.tar.gz", "packed.tar.gz") with { Members = members }]);
    }

    private byte[] Bytes(string name) => System.IO.File.ReadAllBytes(Path.Combine(folder, name));

    private static byte[] Archive(params (string Name, byte[] Content)[] entries)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
        {
            foreach (var (name, content) in entries)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
            }
        }

        return packed.ToArray();
    }
}
