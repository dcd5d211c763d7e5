using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using CatchUp.Tracking.Alerts;
using Microsoft.Extensions.Time.Testing;

namespace CatchUp.Tracking.Tests.Alerts;

public sealed class WebhookSenderTests
{
    private const string Secret = "a secret of some length";

    private static readonly Guid Id = Guid.NewGuid();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Message_arrives_whole_and_signed()
    {
        await using var receiver = new Receiver();

        var result = await SendAsync(receiver.Url, "127.0.0.1", body: """{"text":"ü"}""");

        Assert.Equal(new WebhookSender.Result(200, null), result);
        var message = Assert.Single(receiver.Messages);
        Assert.Equal(("/hook", """{"text":"ü"}"""), (message.Path, Encoding.UTF8.GetString(message.Body)));
        Assert.Equal(("run-failed", Id.ToString(), "application/json; charset=utf-8"), (message.Headers["X-CatchUp-Event"], message.Headers["X-CatchUp-Id"], message.Headers["Content-Type"]));
        var signed = Encoding.UTF8.GetBytes($"{message.Headers["X-CatchUp-Timestamp"]}.{Encoding.UTF8.GetString(message.Body)}");
        Assert.Equal("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), signed)), message.Headers["X-CatchUp-Signature"]);
    }

    [Fact]
    public async Task Message_without_a_secret_has_no_signature()
    {
        await using var receiver = new Receiver();

        await SendAsync(receiver.Url, "127.0.0.0/8", secret: null);

        Assert.False(Assert.Single(receiver.Messages).Headers.ContainsKey("X-CatchUp-Signature"));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("fd00::1")]
    public async Task Name_that_leads_to_an_address_that_is_not_public_is_refused(string address)
    {
        await using var receiver = new Receiver();

        var result = await SendAsync($"http://hooks.example.org:{receiver.Port}/", allowed: null, IPAddress.Parse(address));

        Assert.Equal((null, true), (result.Status, result.Hopeless));
        Assert.Contains("hooks.example.org leads to an address that is not public", result.Problem, StringComparison.Ordinal);
        Assert.Empty(receiver.Messages);
    }

    [Fact]
    public async Task Name_with_public_and_other_addresses_is_reached_at_the_allowed_ones_alone()
    {
        await using var receiver = new Receiver();

        // 127.0.0.2 would answer nothing here; were it tried first, the message would fail.
        var result = await SendAsync($"http://hooks.example.org:{receiver.Port}/", "127.0.0.1", IPAddress.Parse("10.255.255.1"), IPAddress.Loopback);

        Assert.Equal(200, result.Status);
    }

    [Fact]
    public async Task Name_that_changes_its_answer_is_looked_up_for_every_message()
    {
        await using var receiver = new Receiver();
        var answers = new Queue<IPAddress>([IPAddress.Loopback, IPAddress.Parse("127.0.0.2")]);
        using var sender = new WebhookSender(WebhookTargets.Parse("127.0.0.1"), TimeProvider.System, (_, _) => Task.FromResult<IPAddress[]>([answers.Dequeue()]));
        var url = $"http://hooks.example.org:{receiver.Port}/";

        Assert.Equal(200, (await sender.SendAsync(url, null, AlertKind.Test, Id, "{}", Cancellation)).Status);
        Assert.True((await sender.SendAsync(url, null, AlertKind.Test, Id, "{}", Cancellation)).Hopeless);

        Assert.Single(receiver.Messages);
    }

    [Fact]
    public async Task Allowed_host_may_lead_anywhere()
    {
        await using var receiver = new Receiver();

        Assert.Equal(200, (await SendAsync($"http://hooks.example.org:{receiver.Port}/", "hooks.example.org", IPAddress.Loopback)).Status);
    }

    [Fact]
    public async Task Localhost_is_refused_by_its_real_name_too()
    {
        await using var receiver = new Receiver();
        using var sender = new WebhookSender(WebhookTargets.Parse(null), TimeProvider.System);

        foreach (var host in new[] { "localhost", "127.0.0.1", Dns.GetHostName() })
        {
            var result = await sender.SendAsync($"http://{host}:{receiver.Port}/", null, AlertKind.Test, Id, "{}", Cancellation);
            Assert.True(result.Problem is not null && result.Status is null, $"{host}: {result}");
        }

        Assert.Empty(receiver.Messages);
    }

    [Fact]
    public async Task Redirect_is_not_followed()
    {
        await using var target = new Receiver();
        await using var receiver = new Receiver();
        receiver.Answer = _ => string.Create(CultureInfo.InvariantCulture, $"302 Found\r\nLocation: {target.Url}");

        var result = await SendAsync(receiver.Url, "127.0.0.1");

        Assert.Equal((302, true), (result.Status, result.Hopeless));
        Assert.Empty(target.Messages);
    }

    [Theory]
    [InlineData("500 Oops", false)]
    [InlineData("404 Not Found", false)]
    [InlineData("429 Slow", false)]
    [InlineData("410 Gone", true)]
    public async Task Answer_that_is_no_success_is_a_problem_and_may_be_hopeless(string answer, bool hopeless)
    {
        await using var receiver = new Receiver();
        receiver.Answer = _ => answer;

        var result = await SendAsync(receiver.Url, "127.0.0.1");

        Assert.Equal((int.Parse(answer[..3], CultureInfo.InvariantCulture), hopeless), (result.Status, result.Hopeless));
        Assert.NotNull(result.Problem);
    }

    [Fact]
    public async Task Endless_headers_are_not_read()
    {
        await using var receiver = new Receiver();
        receiver.Answer = _ => "200 OK\r\nX: " + new string('x', 200_000);

        Assert.NotNull((await SendAsync(receiver.Url, "127.0.0.1")).Problem);
    }

    [Fact]
    public async Task Nobody_there_is_a_problem_that_may_pass()
    {
        var receiver = new Receiver();
        var url = receiver.Url;
        await receiver.DisposeAsync();

        var result = await SendAsync(url, "127.0.0.1");

        Assert.Equal((null, "No connection could be made.", false), (result.Status, result.Problem, result.Hopeless));
    }

    private static async Task<WebhookSender.Result> SendAsync(string url, string? allowed, params IPAddress[] addresses)
        => await SendAsync(url, allowed, Secret, addresses: addresses);

    private static async Task<WebhookSender.Result> SendAsync(string url, string? allowed, string? secret = Secret, string body = "{}", params IPAddress[] addresses)
    {
        using var sender = new WebhookSender(WebhookTargets.Parse(allowed), new FakeTimeProvider(), (_, _) => Task.FromResult(addresses));
        return await sender.SendAsync(url, secret, AlertKind.RunFailed, Id, body, Cancellation);
    }
}
