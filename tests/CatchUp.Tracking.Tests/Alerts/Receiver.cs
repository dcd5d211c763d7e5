using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CatchUp.Tracking.Tests.Alerts;

/// <summary>A small HTTP server on loopback that takes messages and answers what it is told to.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public Receiver()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public sealed record Message(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);

    public ConcurrentQueue<Message> Messages { get; } = new();

    /// <summary>The answer's first line after HTTP/1.1, and its headers.</summary>
    public Func<Message, string> Answer { get; set; } = _ => "200 OK";

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/hook");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await using var stream = client.GetStream();
                if (await ReadAsync(stream) is { } message)
                {
                    Messages.Enqueue(message);
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {Answer(message)}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), _stop.Token);
                }
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or InvalidOperationException or SocketException or ObjectDisposedException or IOException)
        {
        }
    }

    private async Task<Message?> ReadAsync(NetworkStream stream)
    {
        var received = new List<byte>();
        var buffer = new byte[4096];
        while (true)
        {
            var count = await stream.ReadAsync(buffer, _stop.Token);
            if (count == 0)
            {
                return null;
            }

            received.AddRange(buffer[..count]);
            var text = Encoding.ASCII.GetString([.. received]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
            {
                continue;
            }

            var lines = text[..end].Split("\r\n");
            var headers = lines[1..].Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
            var length = headers.TryGetValue("Content-Length", out var number) ? int.Parse(number, CultureInfo.InvariantCulture) : 0;
            if (received.Count >= end + 4 + length)
            {
                return new Message(lines[0].Split(' ')[1], headers, [.. received.Skip(end + 4).Take(length)]);
            }
        }
    }
}
