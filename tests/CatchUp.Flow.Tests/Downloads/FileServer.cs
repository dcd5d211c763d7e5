using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace CatchUp.Flow.Tests.Downloads;

/// <summary>A file server on a free port of this machine that speaks just enough HTTP, over plain sockets so that it can break off anywhere.</summary>
internal sealed class FileServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Task serving;

    public FileServer()
    {
        listener.Start();
        serving = ServeAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");

    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>Bytes of a body after which the connection is cut, for the requests in turn; null and later ones send all.</summary>
    public ConcurrentQueue<int?> Cuts { get; } = new();

    /// <summary>Status of the requests in turn instead of an answer; 0 and later ones are answered.</summary>
    public ConcurrentQueue<int> Statuses { get; } = new();

    public bool KnowsRanges { get; set; } = true;

    /// <summary>Sends no length: the end of the connection is the end of the file.</summary>
    public bool HidesLength { get; set; }

    /// <summary>Where every request is sent on to.</summary>
    public string? Redirect { get; set; }

    /// <summary>After the first bytes of a body, sends nothing more.</summary>
    public bool Stalls { get; set; }

    /// <summary>The first byte that each request asked for.</summary>
    public ConcurrentQueue<long> Starts { get; } = new();

    public static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public void Dispose()
    {
        listener.Stop();
        serving.Wait(TimeSpan.FromSeconds(5));
        listener.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                var client = await listener.AcceptTcpClientAsync();
                _ = AnswerAsync(client);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await AnswerAsync(client.GetStream());
            }
            catch (IOException)
            {
                // The other side has gone.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var path = (await reader.ReadLineAsync() ?? "").Split(' ').ElementAtOrDefault(1) ?? "/";
        var start = 0L;
        while (await reader.ReadLineAsync() is { Length: > 0 } header)
        {
            if (header.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
            {
                start = long.Parse(header["Range: bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            }
        }

        Starts.Enqueue(start);
        if (Statuses.TryDequeue(out var status) && status != 0)
        {
            await HeadAsync(stream, $"{status} Because", "Content-Length: 0");
        }
        else if (Redirect is not null)
        {
            await HeadAsync(stream, "302 Found", "Content-Length: 0", $"Location: {Redirect}");
        }
        else if (!Files.TryGetValue(path.TrimStart('/'), out var content))
        {
            await HeadAsync(stream, "404 Not Found", "Content-Length: 0");
        }
        else if (KnowsRanges && start > 0 && start >= content.Length)
        {
            await HeadAsync(stream, "416 Range Not Satisfiable", "Content-Length: 0");
        }
        else
        {
            start = KnowsRanges ? start : 0;
            var length = HidesLength ? "X: y" : $"Content-Length: {content.Length - start}";
            await (start > 0
                ? HeadAsync(stream, "206 Partial Content", length, $"Content-Range: bytes {start}-{content.Length - 1}/{content.Length}")
                : HeadAsync(stream, "200 OK", length));
            var body = content.AsMemory((int)start);
            await stream.WriteAsync(Cuts.TryDequeue(out var cut) && cut is { } most ? body[..Math.Min(most, body.Length)] : Stalls ? body[..10] : body);
            if (Stalls)
            {
                await Task.Delay(TimeSpan.FromSeconds(20));
            }
        }
    }

    private static async Task HeadAsync(NetworkStream stream, string status, params string[] headers) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nConnection: close\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n"));
}
