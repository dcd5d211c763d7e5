using System.Net;
using System.Net.Sockets;

namespace CatchUp.Dashboard.Tests.Artifacts;

/// <summary>A line between a worker and the server that tears: the next connection is cut after so many bytes one way; those after it are whole.</summary>
internal sealed class BreakingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Uri _server;
    private readonly Task _accepting;
    private long _uploadCut = long.MaxValue, _downloadCut = long.MaxValue;
    private int _cuts;

    public BreakingProxy(Uri server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    /// <summary>Connections that were cut.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    public void CutUploadAfter(long bytes) => Volatile.Write(ref _uploadCut, bytes);

    public void CutDownloadAfter(long bytes) => Volatile.Write(ref _downloadCut, bytes);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_ended.Token);
            _ = ForwardAsync(client);
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            await server.ConnectAsync(_server.Host, _server.Port, _ended.Token);
            await Task.WhenAny(
                PumpAsync(client.GetStream(), server.GetStream(), () => ref _uploadCut),
                PumpAsync(server.GetStream(), client.GetStream(), () => ref _downloadCut));
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Limit limit)
    {
        var buffer = new byte[8192];
        try
        {
            while (await from.ReadAsync(buffer, _ended.Token) is > 0 and var count)
            {
                var left = Interlocked.Add(ref limit(), -count);
                if (left < 0)
                {
                    await to.WriteAsync(buffer.AsMemory(0, (int)Math.Max(0, count + left)), _ended.Token);
                    Interlocked.Exchange(ref limit(), long.MaxValue);
                    Interlocked.Increment(ref _cuts);
                    return;
                }

                await to.WriteAsync(buffer.AsMemory(0, count), _ended.Token);
            }
        }
        catch (Exception problem) when (problem is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side has gone; so does this one.
        }
    }

    private delegate ref long Limit();
}
