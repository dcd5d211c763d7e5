using System.Net;
using System.Net.Sockets;

namespace CatchUp.Dashboard.Startup;

/// <summary>Checks where the embedded set-up is asked to listen: it has no sign-in, so only this machine's own addresses will do.</summary>
internal static class ListenAddresses
{
    /// <exception cref="StartupException">Something about the addresses will not do; the message lists all of it.</exception>
    public static IReadOnlyList<Uri> Parse(string urls)
    {
        var parts = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var problems = parts.Select(Problem).Where(problem => problem is not null).ToList();
        return parts.Length == 0
            ? throw new StartupException($"--urls is empty. Give an address such as {DashboardOptions.DefaultUrl}.")
            : problems.Count > 0
                ? throw new StartupException(string.Join(Environment.NewLine, problems))
                : [.. parts.Select(part => new Uri(part))];
    }

    /// <summary>Looks before anything is started whether the ports are free.</summary>
    /// <exception cref="StartupException">One is not.</exception>
    public static void EnsureFree(IEnumerable<Uri> addresses)
    {
        foreach (var address in addresses.Where(address => address.Port != 0))
        {
            try
            {
                using var probe = new TcpListener(IPAddress.TryParse(address.IdnHost, out var ip) ? ip : IPAddress.Loopback, address.Port);
                probe.Start();
            }
            catch (SocketException problem) when (problem.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                throw new StartupException($"Port {address.Port} is in use by another program. Choose another with --urls, for example --urls http://127.0.0.1:{(address.Port < 65_535 ? address.Port + 1 : 5080)}.", problem);
            }
            catch (SocketException problem)
            {
                throw new StartupException($"Cannot listen on {address.GetLeftPart(UriPartial.Authority)}: {problem.Message}. Choose another address with --urls.", problem);
            }
        }
    }

    private static string? Problem(string part)
    {
        if (!Uri.TryCreate(part, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            return $"--urls: '{part}' is not an address such as {DashboardOptions.DefaultUrl}.";
        }

        if (address.Scheme == "https")
        {
            return $"--urls: {part} asks for https, which the embedded set-up does not offer. Use http: it does not leave this machine.";
        }

        if (address.PathAndQuery != "/")
        {
            return $"--urls: {part} has a path. Leave it away.";
        }

        if (address is { Host: "localhost", Port: 0 })
        {
            return $"--urls: {part} cannot have its port chosen freely. Use http://127.0.0.1:0.";
        }

        return IsLoopback(address)
            ? null
            : $"--urls: {part} would be open to other machines, and the embedded set-up has no sign-in. Use 127.0.0.1, localhost or [::1]; to reach it from elsewhere, use a tunnel (ssh -L 5080:127.0.0.1:5080).";
    }

    private static bool IsLoopback(Uri address) =>
        address.Host == "localhost" || (IPAddress.TryParse(address.IdnHost, out var ip) && IPAddress.IsLoopback(ip));
}
