using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace CatchUp.Tracking.Alerts;

/// <summary>
/// Sends one message. The name is looked up here and the connection made to the very addresses that were checked: a name that changes its answer
/// in between gains nothing. No redirects, no proxy, no cookies; of the answer only the status counts, and nothing of its body is read.
/// </summary>
internal sealed class WebhookSender : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly WebhookTargets _targets;
    private readonly TimeProvider _time;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly HttpClient _client;

    public WebhookSender(WebhookTargets targets, TimeProvider time)
        : this(targets, time, Dns.GetHostAddressesAsync)
    {
    }

    internal WebhookSender(WebhookTargets targets, TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        (_targets, _time, _resolve) = (targets, time, resolve);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = Patience,
            MaxResponseHeadersLength = 32,
            MaxResponseDrainSize = 0,
            // Every message is looked up and checked anew.
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = ConnectAsync,
            ActivityHeadersPropagator = null,
        };
        _client = new HttpClient(handler) { Timeout = Patience };
    }

    /// <param name="Status">Null when there was no answer.</param>
    /// <param name="Problem">Null when it was taken.</param>
    /// <param name="Hopeless">Trying again would not help.</param>
    public sealed record Result(int? Status, string? Problem, bool Hopeless = false);

    public async Task<Result> SendAsync(string url, string? secret, AlertKind kind, Guid message, string body, CancellationToken cancellation)
    {
        if (_targets.Problem(url) is { } problem)
        {
            return new Result(null, problem, Hopeless: true);
        }

        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url)) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            var bytes = Encoding.UTF8.GetBytes(body);
            request.Content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } };
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("CatchUp-Platform", null));
            request.Headers.Add("X-CatchUp-Event", AlertMessage.Word(kind));
            request.Headers.Add("X-CatchUp-Id", message.ToString());
            var sent = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            request.Headers.Add("X-CatchUp-Timestamp", sent);
            if (!string.IsNullOrEmpty(secret))
            {
                request.Headers.Add("X-CatchUp-Signature", Signature(secret, sent, bytes));
            }

            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            var status = (int)answer.StatusCode;
            return status switch
            {
                >= 200 and < 300 => new Result(status, null),
                >= 300 and < 400 => new Result(status, $"It answered {status}, a redirect, and those are not followed. Give the address it leads to.", Hopeless: true),
                410 => new Result(status, "It answered 410: the address is gone for good.", Hopeless: true),
                _ => new Result(status, $"It answered {status}."),
            };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new Result(null, $"It did not answer within {Patience.TotalSeconds:0} s.");
        }
        catch (HttpRequestException failed)
        {
            var refused = failed.InnerException as RefusedTargetException;
            return new Result(null, refused?.Message ?? Words(failed), refused is not null);
        }
    }

    /// <summary>"sha256=" and the HMAC of the time, a point and the body: what was signed once cannot be passed on later as new.</summary>
    public static string Signature(string secret, string timestamp, byte[] body) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.ASCII.GetBytes(timestamp + "."), .. body]));

    public void Dispose() => _client.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var host = context.InitialRequestMessage.RequestUri!.IdnHost;
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await _resolve(host, cancellation);
        var allowed = Array.FindAll(addresses, address => _targets.Allows(host, address));
        if (allowed.Length == 0)
        {
            throw addresses.Length == 0 ? new SocketException((int)SocketError.HostNotFound) : new RefusedTargetException(WebhookTargets.Refusal(host));
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Words(HttpRequestException failed) => failed.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "Its name could not be looked up.",
        HttpRequestError.ConnectionError => "No connection could be made.",
        HttpRequestError.SecureConnectionError => "No secure connection could be made: its certificate may not be valid.",
        _ => "What it answered could not be read.",
    };
}
