using System.Net;
using CatchUp.Tracking.Alerts;

namespace CatchUp.Tracking.Tests.Alerts;

public sealed class WebhookTargetsTests
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("93.184.216.34", true)]
    [InlineData("2606:2800:220:1:248:1893:25c8:1946", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.255.255.254", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", false)]
    [InlineData("::7f00:1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("2001::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2002:7f00:1::", false)]
    public void Address_is_public_or_not(string address, bool expected)
    {
        Assert.Equal(expected, WebhookTargets.IsPublic(IPAddress.Parse(address)));
        Assert.Equal(expected, WebhookTargets.Parse(null).Allows("example.org", IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("https://hooks.example.org/abc", null)]
    [InlineData("http://8.8.8.8:8080/x", null)]
    [InlineData("", "needs the address")]
    [InlineData("hooks.example.org", "no web address")]
    [InlineData("ftp://hooks.example.org/", "begins with https")]
    [InlineData("file:///etc/passwd", "begins with https")]
    [InlineData("https://user:pass@hooks.example.org/", "name and password")]
    [InlineData("http://127.0.0.1/", "not public")]
    [InlineData("http://2130706433/", "not public")]
    [InlineData("http://0x7f.1/", "not public")]
    [InlineData("http://127.1/", "not public")]
    [InlineData("http://[::1]:80/", "not public")]
    [InlineData("http://[::ffff:169.254.169.254]/", "not public")]
    [InlineData("http://localhost:5080/", "not public")]
    [InlineData("http://LOCALHOST/", "not public")]
    [InlineData("http://a.localhost/", "not public")]
    public void Url_is_checked_before_it_is_stored(string url, string? problem)
    {
        var found = WebhookTargets.Parse(null).Problem(url);

        if (problem is null)
        {
            Assert.Null(found);
        }
        else
        {
            Assert.Contains(problem, found, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Configuration_allows_hosts_addresses_and_networks_and_nothing_beside_them()
    {
        var targets = WebhookTargets.Parse("hooks.intern.example, 10.1.2.3 192.168.7.0/24,fd00::/64");

        Assert.True(targets.Allows("hooks.intern.example", IPAddress.Parse("10.9.9.9")));
        Assert.True(targets.Allows("HOOKS.intern.example.", IPAddress.Parse("10.9.9.9")));
        Assert.False(targets.Allows("x.hooks.intern.example", IPAddress.Parse("10.9.9.9")));
        Assert.True(targets.Allows("any", IPAddress.Parse("10.1.2.3")));
        Assert.False(targets.Allows("any", IPAddress.Parse("10.1.2.4")));
        Assert.True(targets.Allows("any", IPAddress.Parse("192.168.7.200")));
        Assert.False(targets.Allows("any", IPAddress.Parse("::ffff:192.168.7.200")));
        Assert.True(targets.Allows("any", IPAddress.Parse("fd00::5")));
        Assert.Contains("'10.0.0.0/99'", Assert.Throws<FormatException>(() => WebhookTargets.Parse("10.0.0.0/99")).Message, StringComparison.Ordinal);
    }
}
