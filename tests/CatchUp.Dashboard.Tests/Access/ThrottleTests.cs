using System.Net;
using CatchUp.Dashboard.Access;

namespace CatchUp.Dashboard.Tests.Access;

/// <summary>On a server of its own: guessing here would lock out the other tests.</summary>
public sealed class ThrottleTests(AccessHost host) : IClassFixture<AccessHost>
{
    [Fact]
    public async Task Guessing_is_slowed_even_for_the_right_password()
    {
        using var browser = new FormBrowser(host.Address);
        for (var i = 0; i < SignInThrottle.TriesAtOnce; i++)
        {
            using var wrong = await browser.TryAsync("wrong");
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
            Assert.Contains("That is not the password", await wrong.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        using var slowed = await browser.TryAsync(AccessHost.Password);

        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(10)), (slowed.StatusCode, slowed.Headers.RetryAfter?.Delta));
        Assert.DoesNotContain(browser.Cookies, cookie => cookie.Name == "catchup.session");
    }
}
