using System.Net;
using System.Net.Sockets;

namespace CatchUp.Tests.Support;

/// <summary>Loopback ports for servers of a test's own.</summary>
internal static class FreePort
{
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
