using System.Net;
using System.Net.Sockets;

namespace CatchUp.Tracking.Alerts;

/// <summary>
/// Where webhooks may lead: to public addresses, and to what the configuration allows beside them. Whoever can write a webhook must not be able to
/// make the server speak to what only the server can reach.
/// </summary>
public sealed class WebhookTargets
{
    public const int LongestUrl = 2000;

    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "168.63.129.16/32", // Azure's own services, on an address that looks public.
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", // Within 2000::/3; the first and third carry IPv4 addresses.
        }.Select(IPNetwork.Parse),
    ];

    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<IPNetwork> _networks = [];

    private WebhookTargets()
    {
    }

    /// <summary>Reads what CATCHUP_WEBHOOK_ALLOW says: host names, addresses and networks, separated by commas or spaces.</summary>
    /// <exception cref="FormatException">An entry is none of these; the message names it.</exception>
    public static WebhookTargets Parse(string? allowed)
    {
        var targets = new WebhookTargets();
        foreach (var entry in (allowed ?? "").Split([',', ';', ' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (IPNetwork.TryParse(entry, out var network))
            {
                targets._networks.Add(network);
            }
            else if (IPAddress.TryParse(entry.Trim('[', ']'), out var address))
            {
                targets._networks.Add(new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128));
            }
            else if (!entry.Contains('/', StringComparison.Ordinal) && Uri.CheckHostName(entry) == UriHostNameType.Dns)
            {
                targets._hosts.Add(entry.TrimEnd('.'));
            }
            else
            {
                throw new FormatException($"CATCHUP_WEBHOOK_ALLOW: '{entry}' is no host name, address or network. Write them as in hooks.example.org, 10.1.2.3 or 10.1.0.0/16, separated by commas.");
            }
        }

        return targets;
    }

    /// <summary>Whether an address that a host name led to may be spoken to.</summary>
    public bool Allows(string host, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(address);
        return IsPublic(address) || _hosts.Contains(host.TrimEnd('.')) || (!address.IsIPv4MappedToIPv6 && _networks.Exists(network => network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address)));
    }

    /// <summary>Why an address cannot be that of a webhook, in a sentence; null when nothing speaks against it before its name is looked up.</summary>
    public string? Problem(string? url)
    {
        if (string.IsNullOrWhiteSpace(url))
        {
            return "A webhook needs the address that messages are sent to, as in https://hooks.example.org/abc.";
        }

        if (url.Length > LongestUrl || url.Any(char.IsControl) || !Uri.TryCreate(url, UriKind.Absolute, out var address))
        {
            return $"This is no web address of at most {LongestUrl} characters, as in https://hooks.example.org/abc.";
        }

        if (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp)
        {
            return "A webhook's address begins with https:// or http://.";
        }

        if (address.UserInfo.Length > 0)
        {
            return "A name and password in the address would be shown to everybody who sees it. Use a secret in the path, or the signature.";
        }

        if (address.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 && !Allows(address.IdnHost, IPAddress.Parse(address.IdnHost)))
        {
            return Refusal(address.IdnHost);
        }

        return (address.IdnHost.Equals("localhost", StringComparison.OrdinalIgnoreCase) || address.IdnHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase))
            && !_hosts.Contains(address.IdnHost) && !Allows(address.IdnHost, IPAddress.Loopback) && !Allows(address.IdnHost, IPAddress.IPv6Loopback)
            ? Refusal(address.IdnHost)
            : null;
    }

    public static string Refusal(string host) =>
        $"{host} leads to an address that is not public, which webhooks must not reach. Whoever runs the server can allow it in CATCHUP_WEBHOOK_ALLOW.";

    /// <summary>An address anybody can reach on the Internet. IPv6 is public only within global unicast, so that mapped, translated, local and reserved forms are not.</summary>
    public static bool IsPublic(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return (address.AddressFamily == AddressFamily.InterNetwork || (address.AddressFamily == AddressFamily.InterNetworkV6 && IsGlobalUnicast(address)))
            && !Array.Exists(NotPublic, network => network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address));
    }

    /// <summary>2000::/3. Written out, because a network's own test takes a mapped IPv4 address for that address.</summary>
    private static bool IsGlobalUnicast(IPAddress address) => address.ScopeId == 0 && (address.GetAddressBytes()[0] & 0xE0) == 0x20;
}
