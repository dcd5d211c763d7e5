using CatchUp.Flow.Downloads;

namespace CatchUp.Flow.Tests.Downloads;

public sealed class FileDownloadTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("catchup-download-").FullName;
    private readonly FileServer server = new();
    private readonly byte[] content = new byte[300_000];
    private readonly FileDownload download = new(TimeProvider.System, new DownloadOptions { RetryDelay = TimeSpan.FromMilliseconds(5), StallTimeout = TimeSpan.FromSeconds(5) });

    public FileDownloadTests()
    {
        new Random(1).NextBytes(content);
        server.Files["file.bin"] = content;
    }

    private string Target => Path.Combine(folder, "deep", "file.bin");

    private string Part => Target + ".part";

    private RemoteFile Remote => new(new Uri(server.Address, "file.bin"), FileServer.Hash(content), content.Length);

    [Fact]
    public async Task File_arrives_and_progress_is_told()
    {
        var heard = new List<DownloadProgress>();

        await FetchAsync(heard.Add);

        Arrived();
        Assert.Equal(new DownloadProgress("file.bin", content.Length, content.Length), heard[^1]);
        Assert.Equal(heard.OrderBy(progress => progress.Bytes), heard);
        Assert.True(heard.Count > 1);
    }

    [Fact]
    public async Task File_that_is_there_is_not_fetched_again()
    {
        await FetchAsync();
        server.Starts.Clear();

        await FetchAsync();

        Assert.Empty(server.Starts);
    }

    [Fact]
    public async Task Other_file_of_that_name_is_replaced()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        File.WriteAllText(Target, "something else");

        await FetchAsync();

        Arrived();
    }

    [Fact]
    public async Task Broken_connection_goes_on_where_it_broke()
    {
        server.Cuts.Enqueue(100_000);
        server.Cuts.Enqueue(50_000);

        await FetchAsync();

        Arrived();
        Assert.Equal([0, 100_000, 150_000], server.Starts);
    }

    [Fact]
    public async Task Stopped_download_goes_on_in_the_next_call()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => FetchAsync(progress =>
        {
            if (progress.Bytes > 80_000)
            {
                throw new TimeoutException();
            }
        }));
        var kept = new FileInfo(Part).Length;
        Assert.InRange(kept, 80_000, content.Length - 1);
        Assert.False(File.Exists(Target));

        await FetchAsync();

        Arrived();
        Assert.Equal([0, kept], server.Starts);
    }

    [Fact]
    public async Task Server_without_ranges_starts_from_the_beginning()
    {
        server.KnowsRanges = false;
        server.Cuts.Enqueue(100_000);

        await FetchAsync();

        Arrived();
        Assert.Equal([0, 100_000], server.Starts);
    }

    [Fact]
    public async Task Part_of_another_version_is_thrown_away()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Part)!);
        File.WriteAllBytes(Part, new byte[1000]);

        await FetchAsync();

        Arrived();
        Assert.Equal([1000, 0], server.Starts);
    }

    [Fact]
    public async Task Part_that_is_already_whole_is_taken()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Part)!);
        File.WriteAllBytes(Part, content);

        await FetchAsync();

        Arrived();
        Assert.Equal([content.Length], server.Starts);
    }

    [Fact]
    public async Task Part_that_is_too_long_is_thrown_away()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Part)!);
        File.WriteAllBytes(Part, new byte[content.Length + 1]);

        await FetchAsync();

        Arrived();
    }

    [Fact]
    public async Task Wrong_hash_is_refused_and_leaves_nothing()
    {
        server.Files["file.bin"] = [.. content[..^1], (byte)(content[^1] ^ 1)];

        var error = await Assert.ThrowsAsync<DownloadFailedException>(() => FetchAsync());

        Assert.Contains(FileServer.Hash(server.Files["file.bin"]), error.Message, StringComparison.Ordinal);
        Assert.Contains(Remote.Sha256, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    [Fact]
    public async Task Missing_file_says_404_at_once()
    {
        server.Files.Clear();

        var error = await Assert.ThrowsAsync<DownloadFailedException>(() => FetchAsync());

        Assert.Contains("404", error.Message, StringComparison.Ordinal);
        Assert.Contains(Remote.Address.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Single(server.Starts);
    }

    [Fact]
    public async Task Server_in_trouble_is_asked_again()
    {
        server.Statuses.Enqueue(503);
        server.Statuses.Enqueue(429);

        await FetchAsync();

        Arrived();
        Assert.Equal(3, server.Starts.Count);
    }

    [Fact]
    public async Task Server_that_stays_in_trouble_is_given_up()
    {
        Enumerable.Repeat(500, 20).ToList().ForEach(server.Statuses.Enqueue);

        var error = await Assert.ThrowsAsync<DownloadFailedException>(() => FetchAsync());

        Assert.Contains("500", error.Message, StringComparison.Ordinal);
        Assert.Equal(5, server.Starts.Count);
    }

    [Fact]
    public async Task Server_that_is_not_there_is_given_up_with_its_address()
    {
        var address = Remote;
        server.Dispose();

        var error = await Assert.ThrowsAsync<DownloadFailedException>(() => download.FetchAsync(address, Target, null, TestContext.Current.CancellationToken));

        Assert.Contains(address.Address.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_sends_nothing_more_is_given_up()
    {
        server.Stalls = true;
        using var impatient = new FileDownload(TimeProvider.System, new DownloadOptions { Tries = 1, StallTimeout = TimeSpan.FromMilliseconds(100) });

        var error = await Assert.ThrowsAsync<DownloadFailedException>(() => impatient.FetchAsync(Remote, Target, null, TestContext.Current.CancellationToken));

        Assert.Contains("sent nothing", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task File_longer_than_expected_is_cut_off(bool hidesLength)
    {
        server.HidesLength = hidesLength;
        var error = await Assert.ThrowsAsync<DownloadFailedException>(() => download.FetchAsync(Remote with { MaximumBytes = 1000 }, Target, null, TestContext.Current.CancellationToken));

        Assert.Contains("1000", error.Message, StringComparison.Ordinal);
        Assert.True(!File.Exists(Part) || new FileInfo(Part).Length <= 1000);
    }

    [Fact]
    public async Task Redirect_within_the_host_is_followed()
    {
        using var first = new FileServer { Redirect = new Uri(server.Address, "file.bin").ToString() };
        var remote = Remote with { Address = new Uri(first.Address, "old.bin") };

        await Assert.ThrowsAsync<DownloadFailedException>(() => download.FetchAsync(remote, Target, null, TestContext.Current.CancellationToken));
        await download.FetchAsync(remote with { OtherHosts = [server.Address.Authority] }, Target, null, TestContext.Current.CancellationToken);

        Arrived();
    }

    [Fact]
    public async Task Endless_redirect_ends()
    {
        server.Redirect = "/again";

        await Assert.ThrowsAsync<DownloadFailedException>(() => FetchAsync());

        Assert.InRange(server.Starts.Count, 2, 10);
    }

    [Fact]
    public async Task Two_at_once_fetch_it_once()
    {
        using var other = new FileDownload(TimeProvider.System);

        await Task.WhenAll(FetchAsync(), other.FetchAsync(Remote, Target, null, TestContext.Current.CancellationToken));

        Arrived();
        Assert.Equal([0], server.Starts);
    }

    [Fact]
    public async Task Folder_that_cannot_be_written_is_named()
    {
        File.WriteAllText(Path.Combine(folder, "deep"), "a file");

        var error = await Assert.ThrowsAsync<DownloadFailedException>(() => FetchAsync());

        Assert.Contains(Target, error.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        download.Dispose();
        server.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private Task FetchAsync(Action<DownloadProgress>? progress = null) => download.FetchAsync(Remote, Target, progress, TestContext.Current.CancellationToken);

    private void Arrived()
    {
        Assert.Equal(content, File.ReadAllBytes(Target));
        Assert.False(File.Exists(Part));
    }
}
