using System.Net;

namespace CatchUp.Dashboard.Access;

/// <summary>
/// The door of a server that asks people to sign in: it answers to its own names only, and to no page of another site, which also
/// goes for the pages' websocket. A number as Host cannot be another site's name.
/// </summary>
internal static class NamedDoor
{
    public static void UseNamedDoor(this WebApplication app, AccessOptions options)
    {
        var names = new HashSet<string>(options.Hosts, StringComparer.OrdinalIgnoreCase) { "localhost", Environment.MachineName };
        var anyName = names.Contains("*");
        app.Use((context, next) =>
        {
            var request = context.Request;
            if (!anyName && !names.Contains(request.Host.Host) && !IPAddress.TryParse(request.Host.Host, out _))
            {
                return DoorAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, "This server does not go by that name. Its administrator can add the name to CATCHUP_HOSTS.");
            }

            if (request.Headers.Origin is { Count: > 0 } origins && !origins.All(origin => IsOwnOrigin(origin, request.Host)))
            {
                return DoorAnswer.RefuseAsync(context, StatusCodes.Status403Forbidden, "A page of another site may not ask CatchUp Platform for anything.");
            }

            return next(context);
        });
    }

    // The scheme is the page's: a proxy that ends TLS need not tell it.
    private static bool IsOwnOrigin(string? origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page)
        && page.Scheme is "http" or "https"
        && Uri.TryCreate($"{page.Scheme}://{host.Value}", UriKind.Absolute, out var own)
        && string.Equals(page.Authority, own.Authority, StringComparison.OrdinalIgnoreCase);
}
