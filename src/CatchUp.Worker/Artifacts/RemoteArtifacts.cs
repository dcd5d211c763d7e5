using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using CatchUp.Contracts;
using CatchUp.Contracts.Artifacts;
using CatchUp.Worker.Attempts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CatchUp.Worker.Artifacts;

/// <summary>The server's artifacts over HTTP. Uploads and downloads go on where they broke off, and bytes count only when their hash is right.</summary>
internal sealed partial class RemoteArtifacts(HttpClient server, IOptions<WorkerOptions> options, TimeProvider clock, ILogger<RemoteArtifacts> logger) : IArtifactStore
{
    /// <summary>Bytes of one request: what is sent again at most when a connection breaks without a word.</summary>
    private const int Piece = 16 << 20;

    private const int FetchTries = 12;

    /// <summary>How long a connection may stand still before it is given up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan ConflictPause = TimeSpan.FromSeconds(1);

    public async Task StoreAsync(string file, string sha256, bool keepsReserve, CancellationToken cancellation)
    {
        var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        await using (source)
        {
            var progress = await AskAsync(sha256, cancellation);
            var moved = clock.GetTimestamp();
            while (!progress.Stored)
            {
                ArtifactUpload next;
                try
                {
                    // More than the whole file: what is there is not of this file, and begun anew.
                    next = await SendAsync(source, progress.Offset > source.Length ? 0 : progress.Offset, file, sha256, keepsReserve, cancellation);
                }
                catch (UploadConflictException) when (clock.GetElapsedTime(moved) < Patience)
                {
                    // The server hears of a broken connection later than its sender, and may still be writing what came over it.
                    await Task.Delay(options.Value.RetryInterval < ConflictPause ? options.Value.RetryInterval : ConflictPause, clock, cancellation);
                    next = await AskAsync(sha256, cancellation);
                }

                moved = next.Offset == progress.Offset ? moved : clock.GetTimestamp();
                progress = next;
            }
        }
    }

    public string PathOf(AttemptDirectory attempt, string sha256) =>
        ArtifactDirectory.IsName(sha256) ? attempt.Resolve(Path.Combine("inputs", sha256)) : throw new ArgumentException("An artifact's name is 64 lower-case hexadecimal digits.", nameof(sha256));

    public async Task<bool> FetchAsync(AttemptDirectory attempt, string sha256, CancellationToken cancellation)
    {
        var path = PathOf(attempt, sha256);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var tries = 1; ; tries++)
        {
            try
            {
                if (!await DownloadAsync(sha256, path + ".part", cancellation))
                {
                    return false;
                }

                if (await HashAsync(path + ".part", cancellation) == sha256)
                {
                    File.Move(path + ".part", path, overwrite: true);
                    return true;
                }

                // Torn on the way, or damaged where it is kept: the server looks, and drops it if so.
                File.Delete(path + ".part");
                using var answer = await SendAsync(HttpMethod.Post, Address(sha256, "/verify"), null, cancellation);
                if (answer.StatusCode == HttpStatusCode.NotFound)
                {
                    return false;
                }

                throw new IOException("The bytes that came do not have the artifact's hash.");
            }
            catch (IOException problem) when (tries < FetchTries)
            {
                Log.FetchWaits(logger, sha256, attempt.Run, attempt.Attempt, problem.Message);
            }

            await Task.Delay(TimeSpan.FromTicks(Math.Min(TimeSpan.FromMilliseconds(250).Ticks << tries, options.Value.RetryInterval.Ticks)), clock, cancellation);
        }
    }

    /// <summary>Asks for something that does not exist, to learn whether the token is good.</summary>
    /// <returns>Why it is not; null when it is.</returns>
    /// <exception cref="IOException">The server does not answer.</exception>
    public async Task<string?> FindRefusalAsync(CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Get, Address(new string('0', 64), "/upload"), null, cancellation);
        return answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? await WordsAsync(answer, cancellation) : null;
    }

    private static string Address(string sha256, string rest = "") => $"api/v1/artifacts/{sha256}{rest}";

    private async Task<ArtifactUpload> AskAsync(string sha256, CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Get, Address(sha256, "/upload"), null, cancellation);
        return answer.IsSuccessStatusCode ? await ReadAsync(answer, cancellation) : throw await FailureAsync(answer, cancellation);
    }

    private async Task<ArtifactUpload> SendAsync(FileStream source, long offset, string file, string sha256, bool keepsReserve, CancellationToken cancellation)
    {
        source.Position = offset;
        var piece = new byte[Math.Min(Piece, source.Length - offset)];
        await source.ReadExactlyAsync(piece, cancellation);
        using var content = new ByteArrayContent(piece);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        var query = string.Create(CultureInfo.InvariantCulture, $"?offset={offset}&length={source.Length}{(keepsReserve ? "" : "&kind=sample")}");
        using var answer = await SendAsync(HttpMethod.Put, Address(sha256, query), content, cancellation);
        if (answer.StatusCode == HttpStatusCode.UnprocessableEntity && await HashAsync(source, cancellation) is var actual && actual != sha256)
        {
            throw new InvalidDataException($"{Path.GetFileName(file)} has the SHA-256 {actual}, not {sha256} as its journal says. It was changed or torn after it was written.");
        }

        return answer.IsSuccessStatusCode ? await ReadAsync(answer, cancellation) : throw await FailureAsync(answer, cancellation);
    }

    /// <summary>Brings the rest of the artifact behind what is there of it.</summary>
    /// <returns>False when the server does not have it.</returns>
    private async Task<bool> DownloadAsync(string sha256, string part, CancellationToken cancellation)
    {
        var there = File.Exists(part) ? new FileInfo(part).Length : 0;
        using var answer = await SendAsync(HttpMethod.Get, Address(sha256), null, cancellation, there);
        switch (answer.StatusCode)
        {
            case HttpStatusCode.NotFound:
                return false;
            case HttpStatusCode.RequestedRangeNotSatisfiable:
                // All of it was there.
                return true;
            case HttpStatusCode.OK or HttpStatusCode.PartialContent:
                break;
            default:
                throw await FailureAsync(answer, cancellation);
        }

        var target = new FileStream(part, answer.StatusCode == HttpStatusCode.OK ? FileMode.Create : FileMode.Append, FileAccess.Write);
        await using (target)
        {
            await CopyAsync(answer, target, cancellation);
        }

        return true;
    }

    private async Task CopyAsync(HttpResponseMessage answer, FileStream target, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            var source = await answer.Content.ReadAsStreamAsync(cancellation);
            await using (source)
            {
                var buffer = new byte[128 << 10];
                while (true)
                {
                    patience.CancelAfter(Patience);
                    if (await source.ReadAsync(buffer, patience.Token) is var count && count == 0)
                    {
                        return;
                    }

                    await target.WriteAsync(buffer.AsMemory(0, count), cancellation);
                }
            }
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested && problem is OperationCanceledException or HttpRequestException)
        {
            throw new IOException($"The connection to {server.BaseAddress} broke off: {problem.Message}", problem);
        }
    }

    /// <exception cref="IOException">The server does not answer.</exception>
    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string address, HttpContent? content, CancellationToken cancellation, long from = 0)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative)) { Content = content };
        if (from > 0)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
        }

        // Enough for a piece on a slow line, and for the server to look a large file through.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(10 * Patience);
        try
        {
            return await server.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested && problem is HttpRequestException or OperationCanceledException)
        {
            throw new IOException($"{server.BaseAddress} does not answer: {problem.Message}", problem);
        }
    }

    private async Task<ArtifactUpload> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            return await answer.Content.ReadFromJsonAsync<ArtifactUpload>(ContractJson.Options, cancellation) ?? throw new IOException($"{server.BaseAddress} answered nothing. Is CATCHUP_SERVER the dashboard's address?");
        }
        catch (Exception problem) when (problem is System.Text.Json.JsonException or HttpRequestException or NotSupportedException)
        {
            throw new IOException($"{server.BaseAddress} did not answer as CatchUp Platform does: {problem.Message} Is CATCHUP_SERVER the dashboard's address?", problem);
        }
    }

    private async Task<Exception> FailureAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var words = await WordsAsync(answer, cancellation);
        return answer.StatusCode switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge => new InvalidDataException($"The server refuses it: {words}"),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new IOException($"The server refuses this worker's token: {words}"),
            HttpStatusCode.Conflict => new UploadConflictException(words),
            _ => new IOException($"{server.BaseAddress} answered {(int)answer.StatusCode}: {words}"),
        };
    }

    /// <summary>The detail of problem details, or what else the answer says.</summary>
    private static async Task<string> WordsAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            var problem = await answer.Content.ReadFromJsonAsync<Problem>(ContractJson.Options, cancellation);
            return problem?.Detail ?? answer.ReasonPhrase ?? "";
        }
        catch (Exception unreadable) when (unreadable is System.Text.Json.JsonException or HttpRequestException or IOException or NotSupportedException or InvalidOperationException)
        {
            return answer.ReasonPhrase ?? "";
        }
    }

    private static async Task<string> HashAsync(string file, CancellationToken cancellation)
    {
        var source = File.OpenRead(file);
        await using (source)
        {
            return await HashAsync(source, cancellation);
        }
    }

    private static async Task<string> HashAsync(FileStream source, CancellationToken cancellation)
    {
        source.Position = 0;
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(source, cancellation));
    }

    private sealed record Problem(string? Detail);

    /// <summary>The server is writing the same file from another connection, or has got further with it than was asked.</summary>
    private sealed class UploadConflictException(string words) : IOException($"The server could not take the next bytes: {words}");

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The artifact {Sha256} for run {Run}, attempt {Attempt} did not come and is tried again: {Problem}")]
        public static partial void FetchWaits(ILogger logger, string sha256, long run, int attempt, string problem);
    }
}
