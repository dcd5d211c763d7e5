using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using CatchUp.Dashboard.Access;
using CatchUp.Tracking.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Dashboard.Tests.Access;

public sealed class SignInTests(AccessHost host) : IClassFixture<AccessHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stranger_is_led_to_the_form_and_back_to_where_he_wanted()
    {
        using var browser = new FormBrowser(host.Address);
        using var wanted = await browser.GetAsync("/runs?filter=state:failed");
        Assert.Equal("/sign-in?returnUrl=%2Fruns%3Ffilter%3Dstate%3Afailed", wanted.Headers.Location!.OriginalString);

        using var signedIn = await browser.TryAsync(AccessHost.Password, "/runs?filter=state:failed");
        Assert.Equal((HttpStatusCode.Found, "/runs?filter=state:failed"), (signedIn.StatusCode, signedIn.Headers.Location!.OriginalString));
        using var page = await browser.GetAsync("/runs");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using var api = await browser.GetAsync("/api/v1/runs");
        Assert.Equal(HttpStatusCode.OK, api.StatusCode);
    }

    [Fact]
    public async Task A_sweep_that_is_submitted_belongs_to_who_has_signed_in()
    {
        using var browser = new FormBrowser(host.Address);
        await browser.SignInAsync(AccessHost.Password);
        using var file = new StringContent("name: mine");
        using var answer = await browser.Client.PostAsync(new Uri("/api/v1/sweeps", UriKind.Relative), file, Cancellation);

        var sweep = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;
        Assert.True(answer.StatusCode == HttpStatusCode.Created, $"{sweep}");
        Assert.Equal(AccountStore.Administrator, sweep["owner"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_sessions_cookie_is_for_the_server_alone()
    {
        using var browser = new FormBrowser(host.Address);
        using var answer = await browser.TryAsync(AccessHost.Password);

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("catchup.session=", StringComparison.Ordinal));
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("127.0.0.9", true)]
    [InlineData("127.0.0.1", false)]
    public async Task A_proxys_word_on_https_is_taken_and_a_strangers_is_not(string from, bool secure)
    {
        using var browser = new FormBrowser(host.Address, IPAddress.Parse(from));
        browser.Client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        browser.Client.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.7");
        browser.Client.DefaultRequestHeaders.Host = "catchup.example";
        browser.Client.DefaultRequestHeaders.Add("Origin", "https://catchup.example");
        using var form = await browser.GetAsync("/sign-in");

        Assert.Equal(HttpStatusCode.OK, form.StatusCode);
        var antiforgery = Assert.Single(form.Headers.GetValues("Set-Cookie"), cookie => cookie.Contains("Antiforgery", StringComparison.Ordinal));
        Assert.Equal(secure, antiforgery.Contains("; secure", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Signing_out_ends_it()
    {
        using var browser = new FormBrowser(host.Address);
        await browser.SignInAsync(AccessHost.Password);

        using var signedOut = await browser.Client.PostAsync(new Uri("/sign-out", UriKind.Relative), null, Cancellation);
        Assert.Equal("/sign-in", signedOut.Headers.Location!.OriginalString);
        using var after = await browser.GetAsync("/runs");
        Assert.Equal(HttpStatusCode.Found, after.StatusCode);
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused_and_shown_again()
    {
        using var browser = new FormBrowser(host.Address);
        using var form = new FormUrlEncodedContent([new("password", AccessHost.Password)]);
        using var answer = await browser.Client.PostAsync(new Uri("/sign-in", UriKind.Relative), form, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("open for too long", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.DoesNotContain(browser.Cookies, cookie => cookie.Name == "catchup.session");
    }

    [Theory]
    [InlineData("/runs/1?tab=log", "/runs/1?tab=log")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("runs", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    public void The_way_back_stays_on_this_server(string? wanted, string address)
    {
        Assert.Equal(address, SignInEndpoints.LocalAddress(wanted));
    }

    [Fact]
    public async Task A_token_lets_a_script_in_until_it_is_revoked()
    {
        var accounts = host.Services.GetRequiredService<AccountStore>();
        var (token, secret) = (await accounts.IssueTokenAsync(AccountStore.Administrator, "script", Cancellation))!.Value;
        using var script = new HttpClient { BaseAddress = host.Address };
        script.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        var runs = new Uri("/api/v1/runs", UriKind.Relative);

        Assert.Equal(HttpStatusCode.OK, (await script.GetAsync(runs, Cancellation)).StatusCode);
        await accounts.RevokeTokenAsync(token.Id, Cancellation);
        var refused = await script.GetAsync(runs, Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("Bearer", Assert.Single(refused.Headers.WwwAuthenticate).Scheme);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("Bearer nonsense")]
    [InlineData("Basic YWRtaW46cA==")]
    public async Task Wrong_credentials_do_not_fall_back_to_a_session(string credentials)
    {
        using var browser = new FormBrowser(host.Address);
        await browser.SignInAsync(AccessHost.Password);
        browser.Client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", credentials);

        using var answer = await browser.GetAsync("/api/v1/runs");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_circuit_opens_with_a_session_only()
    {
        var circuit = new UriBuilder(host.Address) { Scheme = "ws", Path = "/_blazor" }.Uri;
        using var stranger = new ClientWebSocket();
        stranger.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => stranger.ConnectAsync(circuit, Cancellation));
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.HttpStatusCode);

        using var browser = new FormBrowser(host.Address);
        await browser.SignInAsync(AccessHost.Password);
        using var own = new ClientWebSocket();
        own.Options.SetRequestHeader("Cookie", string.Join("; ", browser.Cookies.Select(cookie => $"{cookie.Name}={cookie.Value}")));
        await own.ConnectAsync(circuit, Cancellation);
        Assert.Equal(WebSocketState.Open, own.State);
    }

    [Theory]
    [InlineData("catchup.example", null, HttpStatusCode.OK)]
    [InlineData("10.1.2.3:80", null, HttpStatusCode.OK)]
    [InlineData("catchup.example", "https://catchup.example", HttpStatusCode.OK)]
    [InlineData("evil.example", null, HttpStatusCode.BadRequest)]
    [InlineData("catchup.example", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("catchup.example", "https://catchup.example:444", HttpStatusCode.Forbidden)]
    [InlineData("catchup.example", "null", HttpStatusCode.Forbidden)]
    public async Task The_door_knows_its_names_and_its_own_pages(string name, string? origin, HttpStatusCode status)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, "/health/live"));
        request.Headers.Host = name;
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var answer = await client.SendAsync(request, Cancellation);

        Assert.Equal(status, answer.StatusCode);
    }
}
