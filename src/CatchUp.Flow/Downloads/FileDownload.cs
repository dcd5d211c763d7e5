using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace CatchUp.Flow.Downloads;

/// <summary>
/// Fetches public files. What has arrived lies beside the target in a .part file, which a later call goes on with, also after this
/// process was killed; only a file whose hash is right gets the target's name.
/// </summary>
public sealed class FileDownload : IDisposable
{
    private const int MostRedirects = 5, ChunkBytes = 1 << 16;

    private static readonly TimeSpan LockInterval = TimeSpan.FromMilliseconds(200);

    private readonly DownloadOptions options;
    private readonly TimeProvider clock;

    // Redirects are followed by hand, for not every host will do.
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(30) }) { Timeout = Timeout.InfiniteTimeSpan };

    public FileDownload(TimeProvider clock, DownloadOptions? options = null)
    {
        (this.clock, this.options) = (clock, options ?? new DownloadOptions());
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("CatchUpPlatform", typeof(FileDownload).Assembly.GetName().Version!.ToString(3)));
    }

    /// <summary>Fetches a file, or what is missing of it; one that is there already is only checked.</summary>
    /// <param name="file">What to fetch.</param>
    /// <param name="target">Where it goes; its folder is made.</param>
    /// <param name="progress">Called as bytes arrive. What it throws ends the download, and the .part file stays.</param>
    /// <exception cref="DownloadFailedException">The server does not have it, sends something else, or cannot be reached; or the disk is full.</exception>
    public async Task FetchAsync(RemoteFile file, string target, Action<DownloadProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
            while (!File.Exists(target) || await HashAsync(target, cancellation) != file.Sha256)
            {
                await FetchIntoPartAsync(file, target, progress, cancellation);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DownloadFailedException($"{target} cannot be written: {error.Message}", error);
        }
    }

    public void Dispose() => client.Dispose();

    private async Task FetchIntoPartAsync(RemoteFile file, string target, Action<DownloadProgress>? progress, CancellationToken cancellation)
    {
        await using var part = await LockAsync(target + ".part", cancellation);
        if (File.Exists(target) && await HashAsync(target, cancellation) == file.Sha256)
        {
            // Whoever held the lock has fetched it meanwhile.
            File.Delete(part.Name);
            return;
        }

        var resumed = part.Length > 0;
        await ReceiveAllAsync(file, part, Report, cancellation);
        if (await HashAsync(part, cancellation) != file.Sha256 && resumed)
        {
            // The beginning may be of another version of the file: once more, from the start.
            part.SetLength(0);
            await ReceiveAllAsync(file, part, Report, cancellation);
        }

        var hash = await HashAsync(part, cancellation);
        if (hash != file.Sha256)
        {
            File.Delete(part.Name);
            throw new DownloadFailedException($"{file.Address} is not the file that is expected: its SHA-256 is {hash}, expected {file.Sha256}. It was deleted. {file.Advice}");
        }

        File.Move(part.Name, target, overwrite: true);

        void Report(long bytes, long? total) => progress?.Invoke(new DownloadProgress(Path.GetFileName(target), bytes, total));
    }

    /// <summary>Opens the .part file for this process alone; waits while another one has it.</summary>
    private async Task<FileStream> LockAsync(string path, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                // Without a buffer: what has arrived is in the file, whenever this process ends.
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(LockInterval, clock, cancellation);
            }
        }
    }

    /// <summary>Receives until the server has sent all; a broken connection is made anew from where it broke.</summary>
    private async Task ReceiveAllAsync(RemoteFile file, FileStream part, Action<long, long?> report, CancellationToken cancellation)
    {
        for (var failures = 0; ;)
        {
            var before = part.Length;
            try
            {
                await ReceiveAsync(file, part, report, cancellation);
                return;
            }
            catch (ConnectionLostException lost)
            {
                failures = part.Length > before ? 1 : failures + 1;
                if (failures >= options.Tries)
                {
                    throw new DownloadFailedException($"{file.Address} could not be fetched: {lost.Message} {part.Length} bytes have arrived and are kept. Try again later. {file.Advice}", lost);
                }

                await Task.Delay(options.RetryDelay * Math.Pow(2, failures - 1), clock, cancellation);
            }
        }
    }

    private async Task ReceiveAsync(RemoteFile file, FileStream part, Action<long, long?> report, CancellationToken cancellation)
    {
        if (part.Length > file.MaximumBytes)
        {
            part.SetLength(0);
        }

        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var response = await NetworkAsync(() => RequestAsync(file, part.Length, stall), cancellation);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && part.Length > 0)
        {
            // Nothing follows what is here; the hash will tell whether that is all.
            return;
        }

        if (response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == part.Length)
        {
            part.Position = part.Length;
        }
        else if (response.StatusCode == HttpStatusCode.OK)
        {
            // This server sends whole files only.
            part.SetLength(0);
        }
        else
        {
            throw Refusal(file, response);
        }

        var total = part.Length + response.Content.Headers.ContentLength;
        if (total > file.MaximumBytes)
        {
            throw new DownloadFailedException($"{file.Address} has {total} bytes; the file that is expected has at most {file.MaximumBytes}.");
        }

        await using var body = await NetworkAsync(() => response.Content.ReadAsStreamAsync(stall.Token), cancellation);
        var chunk = new byte[ChunkBytes];
        while (true)
        {
            stall.CancelAfter(options.StallTimeout);
            var count = await NetworkAsync(() => body.ReadAsync(chunk, stall.Token).AsTask(), cancellation);
            if (count == 0)
            {
                return;
            }

            if (part.Length + count > file.MaximumBytes)
            {
                part.SetLength(0);
                throw new DownloadFailedException($"{file.Address} sends more than the {file.MaximumBytes} bytes that the expected file has at most.");
            }

            await part.WriteAsync(chunk.AsMemory(0, count), cancellation);
            report(part.Length, total);
        }
    }

    private async Task<HttpResponseMessage> RequestAsync(RemoteFile file, long from, CancellationTokenSource stall)
    {
        var address = file.Address;
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Range = from > 0 ? new RangeHeaderValue(from, null) : null;
            stall.CancelAfter(options.StallTimeout);
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token);
            if ((int)response.StatusCode is < 300 or >= 400 || response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            var next = new Uri(address, location);
            if (redirects >= MostRedirects || !MayFollow(file, address, next))
            {
                throw new DownloadFailedException($"{file.Address} sends on to {next}, which is not a host to take it from. {file.Advice}");
            }

            address = next;
        }
    }

    /// <summary>Within one host, or to one that is known to have the file; never from https to http.</summary>
    private static bool MayFollow(RemoteFile file, Uri from, Uri to) =>
        (to.Scheme == Uri.UriSchemeHttps || to.Scheme == from.Scheme)
        && (to.Authority == file.Address.Authority || file.OtherHosts.Contains(to.Authority, StringComparer.OrdinalIgnoreCase));

    /// <summary>Tells errors of the network, which may pass, from all others.</summary>
    private async Task<T> NetworkAsync<T>(Func<Task<T>> action, CancellationToken cancellation)
    {
        try
        {
            return await action();
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new ConnectionLostException($"The server sent nothing for {options.StallTimeout.TotalSeconds:0} seconds.", error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new ConnectionLostException(error.Message.TrimEnd('.') + ".", error);
        }
    }

    private static Exception Refusal(RemoteFile file, HttpResponseMessage response)
    {
        var status = $"The server answered {(int)response.StatusCode} {response.ReasonPhrase}.";
        return (int)response.StatusCode >= 500 || response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
            ? new ConnectionLostException(status)
            : new DownloadFailedException($"{file.Address} could not be fetched: {status} {file.Advice}");
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancellation)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, ChunkBytes, FileOptions.Asynchronous | FileOptions.SequentialScan);
        return await HashAsync(stream, cancellation);
    }

    private static async Task<string> HashAsync(FileStream stream, CancellationToken cancellation)
    {
        stream.Position = 0;
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }

    private sealed class ConnectionLostException(string message, Exception? inner = null) : Exception(message, inner);
}
