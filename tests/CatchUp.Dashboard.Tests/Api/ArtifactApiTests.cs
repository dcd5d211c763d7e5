using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using CatchUp.Contracts.Artifacts;
using CatchUp.Dashboard.Artifacts;
using CatchUp.Tracking.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CatchUp.Dashboard.Tests.Api;

public sealed class ArtifactApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ArtifactDirectory Artifacts => host.Services.GetRequiredService<ArtifactDirectory>();

    [Theory]
    [InlineData("GET", "")]
    [InlineData("HEAD", "")]
    [InlineData("GET", "/upload")]
    [InlineData("PUT", "?offset=0&length=3")]
    [InlineData("POST", "/verify")]
    public async Task Nobody_gets_in_without_a_good_token(string method, string rest)
    {
        var (bytes, sha256) = Some(3);
        await StoreAsync(bytes, sha256);
        var tokens = host.Services.GetRequiredService<WorkerTokenStore>();
        var (_, token, secret) = await tokens.CreateAsync("tests", Cancellation);
        Assert.NotEqual(401, (await SendAsync(method, sha256 + rest, secret, bytes)).Status);
        await tokens.RevokeAsync(token!.Id, Cancellation);

        foreach (var wrong in new[] { null, "", "nonsense", secret })
        {
            var answer = await SendAsync(method, sha256 + rest, wrong, bytes);
            Assert.Equal(401, answer.Status);
            Assert.Equal("Bearer", answer.Response.Headers.WwwAuthenticate.Single().Scheme);
            if (method != "HEAD")
            {
                answer.IsProblem(401, null, "make one on the Workers page");
            }
        }
    }

    [Fact]
    public async Task An_artifact_is_read_whole_in_ranges_and_by_its_head()
    {
        var token = await TokenAsync();
        var (bytes, sha256) = Some(1000);
        await StoreAsync(bytes, sha256);

        var whole = await SendAsync("GET", sha256, token);
        Assert.Equal((200, 1000), (whole.Status, whole.Bytes.Length));
        Assert.Equal(bytes, whole.Bytes);
        Assert.Equal($"\"{sha256}\"", whole.Response.Headers.ETag!.Tag);

        var part = await SendAsync("GET", sha256, token, from: 700);
        Assert.Equal(206, part.Status);
        Assert.Equal(bytes[700..], part.Bytes);

        var head = await SendAsync("HEAD", sha256, token);
        Assert.Equal((200, 0, 1000L), (head.Status, head.Bytes.Length, head.Response.Content.Headers.ContentLength));
        Assert.Equal(416, (await SendAsync("GET", sha256, token, from: 1000)).Status);
        (await SendAsync("GET", new string('0', 64), token)).IsProblem(404, null, "There is no artifact");
    }

    [Theory]
    [InlineData("..%2F..%2Fcatchup.db")]
    [InlineData("ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789")]
    [InlineData("abc")]
    [InlineData("staging")]
    public async Task Only_a_hash_names_an_artifact(string name)
    {
        var token = await TokenAsync();
        (await SendAsync("GET", name, token)).IsProblem(400, "sha256", "64 lower-case hexadecimal digits");
        (await SendAsync("GET", name + "/upload", token)).IsProblem(400, "sha256");
        (await SendAsync("PUT", name + "?length=1", token, [1])).IsProblem(400, "sha256");
        (await SendAsync("POST", name + "/verify", token)).IsProblem(400, "sha256");
    }

    [Fact]
    public async Task Pieces_become_an_artifact_with_the_last_one_and_not_before()
    {
        var token = await TokenAsync();
        var (bytes, sha256) = Some(1000);

        Assert.Equal((200, false, 0L), Progress(await SendAsync("GET", sha256 + "/upload", token)));
        Assert.Equal((200, false, 400L), Progress(await SendAsync("PUT", sha256 + "?offset=0&length=1000", token, bytes[..400])));
        Assert.Equal((200, false, 400L), Progress(await SendAsync("GET", sha256 + "/upload", token)));
        Assert.Equal(404, (await SendAsync("GET", sha256, token)).Status);
        Assert.False(Artifacts.Contains(sha256));

        // Another token sees nothing of it, and cannot spoil it.
        Assert.Equal((200, false, 0L), Progress(await SendAsync("GET", sha256 + "/upload", await TokenAsync())));

        var gap = await SendAsync("PUT", sha256 + "?offset=500&length=1000", token, bytes[500..]);
        gap.IsProblem(409, null, "The next bytes belong at 400, not at 500.");
        Assert.Equal(400, gap.Json["offset"]!.GetValue<long>());

        Assert.Equal((201, true, 0L), Progress(await SendAsync("PUT", sha256 + "?offset=400&length=1000", token, bytes[400..])));
        Assert.Equal(bytes, (await SendAsync("GET", sha256, token)).Bytes);
        Assert.Equal((200, true, 0L), Progress(await SendAsync("PUT", sha256 + "?offset=0&length=1000", token, bytes)));
        Assert.DoesNotContain(Unfinished(), file => Path.GetFileName(file) == sha256);
    }

    [Fact]
    public async Task Bytes_of_another_hash_are_dropped()
    {
        var token = await TokenAsync();
        var (bytes, _) = Some(1000);
        var (_, other) = Some(1000);

        (await SendAsync("PUT", other + "?length=1000", token, bytes)).IsProblem(422, null, $"not {other}", "send it again from the beginning");

        Assert.Equal((200, false, 0L), Progress(await SendAsync("GET", other + "/upload", token)));
        Assert.False(Artifacts.Contains(other));
    }

    [Fact]
    public async Task What_is_too_large_is_refused_before_it_is_sent()
    {
        var token = await TokenAsync();
        var (bytes, sha256) = Some(10);
        (await SendAsync("PUT", sha256 + "?length=4294967297", token, bytes)).IsProblem(413, null, "at most 4,294,967,296", ArtifactLimits.Key);
        (await SendAsync("PUT", sha256 + "?kind=sample&length=16777217", token, bytes)).IsProblem(413, null, "sample grids of at most 16,777,216");

        // More bytes than the file is said to have never reach the disk.
        Assert.Equal(413, (await SendAsync("PUT", sha256 + "?length=4", token, bytes)).Status);
        Assert.False(Artifacts.Contains(sha256));
    }

    [Theory]
    [InlineData("", "length")]
    [InlineData("?length=x", "length")]
    [InlineData("?length=-1", "length")]
    [InlineData("?length=10&offset=11", "offset")]
    [InlineData("?length=10&kind=virus", "kind")]
    [InlineData("?length=10&lenght=10", "lenght")]
    public async Task A_request_that_cannot_be_read_names_the_field(string query, string field) =>
        (await SendAsync("PUT", Some(10).Sha256 + query, await TokenAsync(), new byte[10])).IsProblem(400, field);

    [Fact]
    public async Task A_token_has_only_so_many_unfinished_uploads()
    {
        Unfinished().ForEach(File.Delete);
        var token = await TokenAsync();
        var most = host.Services.GetRequiredService<IOptions<ArtifactLimits>>().Value.MaximumUnfinished;
        for (var i = 0; i < most; i++)
        {
            Assert.Equal(200, (await SendAsync("PUT", Some(10).Sha256 + "?length=20", token, new byte[10])).Status);
        }

        (await SendAsync("PUT", Some(10).Sha256 + "?length=20", token, new byte[10])).IsProblem(429, null, $"{most} unfinished uploads");
        Assert.Equal(200, (await SendAsync("PUT", Some(10).Sha256 + "?length=20", await TokenAsync(), new byte[10])).Status);

        // A day later they are gone.
        foreach (var file in Unfinished())
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow - TimeSpan.FromHours(25));
        }

        Assert.Equal(most + 1, host.Services.GetRequiredService<UploadStaging>().RemoveOld());
        Assert.Equal(200, (await SendAsync("PUT", Some(10).Sha256 + "?length=20", token, new byte[10])).Status);
        Assert.Equal(0, host.Services.GetRequiredService<UploadStaging>().RemoveOld());
        Unfinished().ForEach(File.Delete);
    }

    [Fact]
    public async Task Looking_an_artifact_through_drops_a_damaged_one()
    {
        var token = await TokenAsync();
        var (bytes, sha256) = Some(100);
        await StoreAsync(bytes, sha256);
        Assert.Equal((200, true, 0L), Progress(await SendAsync("POST", sha256 + "/verify", token)));

        await File.WriteAllBytesAsync(Artifacts.PathOf(sha256), new byte[100], Cancellation);

        Assert.Equal(404, (await SendAsync("POST", sha256 + "/verify", token)).Status);
        Assert.False(Artifacts.Contains(sha256));
    }

    private static (int Status, bool Stored, long Offset) Progress(ApiAnswer answer) => (answer.Status, answer.Json["stored"]!.GetValue<bool>(), answer.Json["offset"]!.GetValue<long>());

    private static (byte[] Bytes, string Sha256) Some(int length)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);
        return (bytes, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    private List<string> Unfinished() => Directory.Exists(Artifacts.Staging) ? [.. Directory.EnumerateFiles(Artifacts.Staging, "*", SearchOption.AllDirectories)] : [];

    private async Task StoreAsync(byte[] bytes, string sha256)
    {
        var file = Path.Combine(host.Folder, Guid.NewGuid().ToString("N"));
        await File.WriteAllBytesAsync(file, bytes, Cancellation);
        await Artifacts.StoreAsync(file, sha256, keepsReserve: false, Cancellation);
    }

    private async Task<string> TokenAsync() =>
        (await host.Services.GetRequiredService<WorkerTokenStore>().CreateAsync(string.Create(CultureInfo.InvariantCulture, $"tests {Guid.NewGuid()}"), Cancellation)).Secret!;

    private async Task<ApiAnswer> SendAsync(string method, string rest, string? token, byte[]? body = null, long? from = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri("/api/v1/artifacts/" + rest, UriKind.Relative));
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        }

        if (from is not null)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
        }

        if (method == "PUT")
        {
            request.Content = new ByteArrayContent(body ?? []);
        }

        return await ApiAnswer.ReadAsync(await host.Client.SendAsync(request, Cancellation));
    }
}
