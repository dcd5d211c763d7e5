using System.Net.Http.Headers;
using System.Security.Cryptography;
using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
using CatchUp.Dashboard.Tests.Api;
using CatchUp.Tracking.Workers;
using CatchUp.Worker;
using CatchUp.Worker.Artifacts;
using CatchUp.Worker.Attempts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CatchUp.Dashboard.Tests.Artifacts;

/// <summary>A worker's client against the real server, over a line that tears.</summary>
public sealed class RemoteArtifactsTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const int Limit = 120_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ArtifactDirectory Artifacts => host.Services.GetRequiredService<ArtifactDirectory>();

    [Theory(Timeout = Limit)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40_000_000)]
    public async Task A_file_is_stored_whole_and_comes_back_the_same(int length)
    {
        using var client = await ClientAsync(host.Client.BaseAddress!);
        var remote = Remote(client);
        var (file, sha256) = await FileAsync(length);

        await remote.StoreAsync(file, sha256, keepsReserve: true, Cancellation);

        Assert.Equal(length, new FileInfo(Artifacts.PathOf(sha256)).Length);
        var attempt = Attempt();
        Assert.True(await remote.FetchAsync(attempt, sha256, Cancellation));
        Assert.Equal(await File.ReadAllBytesAsync(file, Cancellation), await File.ReadAllBytesAsync(remote.PathOf(attempt, sha256), Cancellation));

        // A second time nothing is sent: the file need not even be the same.
        await remote.StoreAsync(file, sha256, keepsReserve: true, Cancellation);
    }

    [Fact(Timeout = Limit)]
    public async Task An_upload_that_broke_off_goes_on_where_it_stopped()
    {
        await using var proxy = new BreakingProxy(host.Client.BaseAddress!);
        using var client = await ClientAsync(proxy.Address);
        var remote = Remote(client);
        var (file, sha256) = await FileAsync(6_000_000);
        proxy.CutUploadAfter(4_000_000);

        await Assert.ThrowsAsync<IOException>(() => remote.StoreAsync(file, sha256, keepsReserve: true, Cancellation));
        Assert.False(Artifacts.Contains(sha256));
        Assert.Equal(1, proxy.Cuts);
        await FreeAsync(sha256);
        var offset = await OffsetAsync(client, sha256);
        Assert.InRange(offset, 1, 4_000_000);

        // The rest is less than the whole: with the same cut it would not arrive if it were sent from the beginning.
        proxy.CutUploadAfter(6_000_000 - offset + 100_000);
        await remote.StoreAsync(file, sha256, keepsReserve: true, Cancellation);

        Assert.Equal(1, proxy.Cuts);
        Assert.True(await Artifacts.VerifyAsync(sha256, Cancellation));
    }

    [Fact(Timeout = Limit)]
    public async Task An_upload_waits_for_an_earlier_connection_that_still_writes()
    {
        using var client = await ClientAsync(host.Client.BaseAddress!);
        var remote = Remote(client);
        var (file, sha256) = await FileAsync(6_000_000);
        using var first = new ByteArrayContent((await File.ReadAllBytesAsync(file, Cancellation))[..4_000_000]);
        first.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var answer = await client.PutAsync(new Uri($"api/v1/artifacts/{sha256}?offset=0&length=6000000", UriKind.Relative), first, Cancellation);
        Assert.Equal(4_000_000, await OffsetAsync(client, sha256));

        Task storing;
        using (var earlier = HoldUpload(sha256))
        {
            storing = remote.StoreAsync(file, sha256, keepsReserve: true, Cancellation);
            await Task.WhenAny(storing, Task.Delay(500, Cancellation));
            Assert.False(storing.IsCompleted);
            // Where the new one would have gone on is wrong by then.
            earlier.SetLength(earlier.Length - 1000);
        }

        await storing;
        Assert.True(await Artifacts.VerifyAsync(sha256, Cancellation));
    }

    [Fact(Timeout = Limit)]
    public async Task A_download_that_broke_off_goes_on_where_it_stopped()
    {
        await using var proxy = new BreakingProxy(host.Client.BaseAddress!);
        using var client = await ClientAsync(proxy.Address);
        var remote = Remote(client);
        var (file, sha256) = await FileAsync(6_000_000);
        await Artifacts.StoreAsync(file, sha256, keepsReserve: false, Cancellation);
        var attempt = Attempt();
        proxy.CutDownloadAfter(4_000_000);

        Assert.True(await remote.FetchAsync(attempt, sha256, Cancellation));

        Assert.Equal(1, proxy.Cuts);
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(remote.PathOf(attempt, sha256), Cancellation))));
    }

    [Theory(Timeout = Limit)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_download_goes_on_behind_the_bytes_of_an_earlier_try_unless_they_are_wrong(bool right)
    {
        using var client = await ClientAsync(host.Client.BaseAddress!);
        var remote = Remote(client);
        var (file, sha256) = await FileAsync(100_000);
        await Artifacts.StoreAsync(file, sha256, keepsReserve: false, Cancellation);
        var attempt = Attempt();
        var part = remote.PathOf(attempt, sha256) + ".part";
        Directory.CreateDirectory(Path.GetDirectoryName(part)!);
        await File.WriteAllBytesAsync(part, right ? (await File.ReadAllBytesAsync(file, Cancellation))[..60_000] : new byte[60_000], Cancellation);

        Assert.True(await remote.FetchAsync(attempt, sha256, Cancellation));
        Assert.Equal(await File.ReadAllBytesAsync(file, Cancellation), await File.ReadAllBytesAsync(remote.PathOf(attempt, sha256), Cancellation));
        Assert.True(Artifacts.Contains(sha256));
    }

    [Fact(Timeout = Limit)]
    public async Task An_artifact_that_is_not_there_or_is_damaged_cannot_be_fetched_and_the_damaged_one_goes()
    {
        using var client = await ClientAsync(host.Client.BaseAddress!);
        var remote = Remote(client);
        Assert.False(await remote.FetchAsync(Attempt(), new string('a', 64), Cancellation));

        var (file, sha256) = await FileAsync(1000);
        await Artifacts.StoreAsync(file, sha256, keepsReserve: false, Cancellation);
        await File.WriteAllBytesAsync(Artifacts.PathOf(sha256), new byte[1000], Cancellation);

        Assert.False(await remote.FetchAsync(Attempt(), sha256, Cancellation));
        Assert.False(Artifacts.Contains(sha256));
    }

    [Fact(Timeout = Limit)]
    public async Task A_file_that_changed_after_it_was_named_is_never_stored()
    {
        using var client = await ClientAsync(host.Client.BaseAddress!);
        var (file, sha256) = await FileAsync(1000);
        await File.WriteAllBytesAsync(file, new byte[1000], Cancellation);

        var problem = await Assert.ThrowsAsync<InvalidDataException>(() => Remote(client).StoreAsync(file, sha256, keepsReserve: true, Cancellation));

        Assert.Contains("It was changed or torn after it was written.", problem.Message, StringComparison.Ordinal);
        Assert.False(Artifacts.Contains(sha256));
        Assert.Equal(0, await OffsetAsync(client, sha256));
    }

    [Fact(Timeout = Limit)]
    public async Task Bytes_that_another_content_left_behind_are_begun_anew()
    {
        using var client = await ClientAsync(host.Client.BaseAddress!);
        var (file, sha256) = await FileAsync(1000);
        using var wrong = new ByteArrayContent(new byte[1500]);
        wrong.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        Assert.True((await client.PutAsync(new Uri($"api/v1/artifacts/{sha256}?offset=0&length=2000", UriKind.Relative), wrong, Cancellation)).IsSuccessStatusCode);
        Assert.Equal(1500, await OffsetAsync(client, sha256));

        await Remote(client).StoreAsync(file, sha256, keepsReserve: true, Cancellation);

        Assert.True(await Artifacts.VerifyAsync(sha256, Cancellation));
    }

    [Fact(Timeout = Limit)]
    public async Task A_refused_token_and_a_silent_server_are_told_apart()
    {
        using var good = await ClientAsync(host.Client.BaseAddress!);
        using var bad = Client(host.Client.BaseAddress!, "not a token");
        using var nobody = Client(new Uri("http://127.0.0.1:9/"), "not a token");
        var (file, sha256) = await FileAsync(10);

        Assert.Null(await Remote(good).FindRefusalAsync(Cancellation));
        Assert.Contains("make one on the Workers page", await Remote(bad).FindRefusalAsync(Cancellation), StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => Remote(nobody).FindRefusalAsync(Cancellation));

        // Both may pass: the file waits.
        Assert.Contains("refuses this worker's token", (await Assert.ThrowsAsync<IOException>(() => Remote(bad).StoreAsync(file, sha256, keepsReserve: true, Cancellation))).Message, StringComparison.Ordinal);
        Assert.Contains("does not answer", (await Assert.ThrowsAsync<IOException>(() => Remote(nobody).StoreAsync(file, sha256, keepsReserve: true, Cancellation))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_no_hash_never_becomes_a_path()
    {
        using var client = Client(host.Client.BaseAddress!, "x");
        Assert.Throws<ArgumentException>(() => Remote(client).PathOf(Attempt(), "../../../etc/passwd"));
    }

    private static RemoteArtifacts Remote(HttpClient client) =>
        new(client, Options.Create(new WorkerOptions { RetryInterval = TimeSpan.FromMilliseconds(100) }), TimeProvider.System, NullLogger<RemoteArtifacts>.Instance);

    /// <summary>Waits until the server has heard of a broken connection, which is a moment later than its sender, and writes no more.</summary>
    private async Task FreeAsync(string sha256)
    {
        while (true)
        {
            try
            {
                using var alone = HoldUpload(sha256);
                return;
            }
            catch (IOException)
            {
                await Task.Delay(20, Cancellation);
            }
        }
    }

    private FileStream HoldUpload(string sha256) =>
        new(Directory.EnumerateFiles(Artifacts.Staging, sha256, SearchOption.AllDirectories).SingleOrDefault() ?? throw new IOException("Nothing has come yet."), FileMode.Open, FileAccess.ReadWrite, FileShare.None);

    private static HttpClient Client(Uri address, string token) => new() { BaseAddress = address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

    private static async Task<long> OffsetAsync(HttpClient client, string sha256)
    {
        var answer = await ApiAnswer.ReadAsync(await client.GetAsync(new Uri($"api/v1/artifacts/{sha256}/upload", UriKind.Relative), Cancellation));
        Assert.False(answer.Json["stored"]!.GetValue<bool>());
        return answer.Json["offset"]!.GetValue<long>();
    }

    private async Task<HttpClient> ClientAsync(Uri address)
    {
        var (_, _, secret) = await host.Services.GetRequiredService<WorkerTokenStore>().CreateAsync("tests", Cancellation);
        return Client(address, secret!);
    }

    private async Task<(string File, string Sha256)> FileAsync(int length)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);
        var file = Path.Combine(host.Folder, Guid.NewGuid().ToString("N"));
        await File.WriteAllBytesAsync(file, bytes, Cancellation);
        return (file, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    private AttemptDirectory Attempt() =>
        AttemptDirectory.Create(Path.Combine(host.Folder, Guid.NewGuid().ToString("N")), new RunFile { Run = 1, Specification = new RunSpecification() });
}
