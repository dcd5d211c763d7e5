using System.Net;
using System.Net.Sockets;

namespace CatchUp.Dashboard.Startup;

/// <summary>Checks where the program is asked to listen: without sign-in only this machine's own addresses will do.</summary>
internal static class ListenAddresses
{
    /// <param name="urls">Addresses, separated by semicolons.</param>
    /// <param name="signIn">Whether people are asked to sign in, so that other machines may be let in.</param>
    /// <exception cref="StartupException">Something about the addresses will not do; the message lists all of it.</exception>
    public static IReadOnlyList<Uri> Parse(string urls, bool signIn = false)
    {
        var parts = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var problems = parts.Select(part => Problem(part, signIn)).Where(problem => problem is not null).ToList();
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

    private static string? Problem(string part, bool signIn)
    {
        if (!Uri.TryCreate(part, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            return $"--urls: '{part}' is not an address such as {DashboardOptions.DefaultUrl}.";
        }

        if (address.Scheme == "https" && !signIn)
        {
            return $"--urls: {part} asks for https, which is offered with sign-in only. Use http: it does not leave this machine.";
        }

        if (address.PathAndQuery != "/")
        {
            return $"--urls: {part} has a path. Leave it away.";
        }

        if (address is { Host: "localhost", Port: 0 })
        {
            return $"--urls: {part} cannot have its port chosen freely. Use http://127.0.0.1:0.";
        }

        if (IsLoopback(address))
        {
            return null;
        }

        if (!signIn)
        {
            return $"--urls: {part} would be open to other machines, and without sign-in that is refused. Set {EnvironmentVariables.AdminPassword}, which turns sign-in on; or use 127.0.0.1, localhost or [::1], and a tunnel (ssh -L 5080:127.0.0.1:5080) to reach it from elsewhere.";
        }

        return IPAddress.TryParse(address.IdnHost, out _)
            ? null
            : $"--urls: {part} is a name. Listen on an address of this machine, or on 0.0.0.0 for all of them, and add the name to {EnvironmentVariables.Hosts}.";
    }

    /// <summary>Whether passwords would cross the network in the clear.</summary>
    public static bool AreReadableOnTheWay(IEnumerable<Uri> addresses) => addresses.Any(address => address.Scheme == "http" && !IsLoopback(address));

    private static bool IsLoopback(Uri address) =>
        address.Host == "localhost" || (IPAddress.TryParse(address.IdnHost, out var ip) && IPAddress.IsLoopback(ip));
}
