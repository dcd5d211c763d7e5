using System.Net;

namespace CatchUp.Dashboard.Access;

/// <summary>
/// The embedded set-up's door: there is no sign-in, so it opens only to this machine and to pages of its own. A foreign name in
/// Host is another site's name that was made to point here (DNS rebinding); a foreign Origin is another site's page asking,
/// which also goes for the pages' websocket.
/// </summary>
internal static class LoopbackDoor
{
    public static void UseLoopbackDoor(this WebApplication app) => app.Use(static (context, next) =>
    {
        var request = context.Request;
        if (context.Connection.RemoteIpAddress is { } remote && !IPAddress.IsLoopback(remote))
        {
            return DoorAnswer.RefuseAsync(context, StatusCodes.Status403Forbidden, "Only this machine may connect: the embedded set-up has no sign-in.");
        }

        if (!IsOwnName(request.Host.Host))
        {
            return DoorAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, "This address does not belong to CatchUp Platform. Open it as http://127.0.0.1 or http://localhost with its port.");
        }

        if (request.Headers.Origin is { Count: > 0 } origins && !origins.All(origin => IsOwnOrigin(origin, request.Host)))
        {
            return DoorAnswer.RefuseAsync(context, StatusCodes.Status403Forbidden, "A page of another site may not ask CatchUp Platform for anything.");
        }

        return next(context);
    });

    private static bool IsOwnName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static bool IsOwnOrigin(string? origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page)
        && page.Scheme == "http"
        && string.Equals(page.IsDefaultPort ? page.Host : page.Authority, host.Port is 80 ? host.Host : host.Value, StringComparison.OrdinalIgnoreCase);
}
