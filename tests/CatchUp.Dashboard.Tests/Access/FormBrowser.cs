using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace CatchUp.Dashboard.Tests.Access;

/// <summary>A browser without script: it keeps cookies, sends forms and follows nothing.</summary>
internal sealed partial class FormBrowser : IDisposable
{
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, CookieContainer = new CookieContainer() };

    /// <param name="address">The server's.</param>
    /// <param name="from">This machine's address that requests come from; null: the usual one.</param>
    public FormBrowser(Uri address, IPAddress? from = null)
    {
        if (from is not null)
        {
            _handler.ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            };
        }

        Client = new HttpClient(_handler) { BaseAddress = address };
    }

    public HttpClient Client { get; }

    public CookieCollection Cookies => _handler.CookieContainer.GetAllCookies();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public Task<HttpResponseMessage> GetAsync(string address) => Client.GetAsync(new Uri(address, UriKind.Relative), Cancellation);

    /// <summary>Sends the sign-in form as it was shown.</summary>
    public async Task<HttpResponseMessage> TryAsync(string password, string returnUrl = "/")
    {
        var page = await Client.GetStringAsync(new Uri("/sign-in?returnUrl=" + Uri.EscapeDataString(returnUrl), UriKind.Relative), Cancellation);
        var fields = Fields().Matches(page).ToDictionary(field => field.Groups["name"].Value, field => WebUtility.HtmlDecode(field.Groups["value"].Value));
        fields["password"] = password;
        using var form = new FormUrlEncodedContent(fields);
        return await Client.PostAsync(new Uri("/sign-in", UriKind.Relative), form, Cancellation);
    }

    public async Task SignInAsync(string password)
    {
        using var answer = await TryAsync(password);
        Assert.True(answer.StatusCode == HttpStatusCode.Found, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync(Cancellation)}");
    }

    public void Dispose()
    {
        Client.Dispose();
        _handler.Dispose();
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]*)\" value=\"(?<value>[^\"]*)\"")]
    private static partial Regex Fields();
}
