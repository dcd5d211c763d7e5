using CatchUp.Tracking.Accounts;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CatchUp.Dashboard.Access;

/// <summary>Signing in and out: plain forms, which need no script and no circuit.</summary>
internal static class SignInEndpoints
{
    // A password longer than this is no password, and would only cost time.
    private const int LongestPassword = 1024;

    /// <summary>What the sign-in page is drawn with; nothing else is served to strangers.</summary>
    private static readonly string[] Assets = ["app.css", "favicon.svg", "js/theme.js"];

    public static void MapSignIn(this IEndpointRouteBuilder endpoints, AccessOptions options)
    {
        if (!options.SignIn)
        {
            return;
        }

        endpoints.MapGet("/sign-in", Show).AllowAnonymous().ExcludeFromDescription();
        // The form's token is looked at by hand, so that a form that was open for too long is answered with the form.
        endpoints.MapPost("/sign-in", SignInAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        // Another site cannot bring the session along (SameSite), and without one nobody gets this far.
        endpoints.MapPost("/sign-out", (Delegate)SignOutAsync).DisableAntiforgery().ExcludeFromDescription();
    }

    /// <summary>Opens the files of the sign-in page to those who have not signed in.</summary>
    public static void OpenSignInAssets(this IEndpointConventionBuilder assets) => assets.Add(static endpoint =>
    {
        // The build lists every file twice: by its name, and with its content's fingerprint in it.
        if (endpoint is RouteEndpointBuilder { RoutePattern: { RawText: { } route } } && Assets.Contains(WithoutFingerprint(endpoint, route)))
        {
            endpoint.Metadata.Add(new AllowAnonymousAttribute());
        }
    });

    /// <summary>Where to go after signing in: an address of this server, whatever the link said.</summary>
    public static string LocalAddress(string? wanted) =>
        wanted is { Length: > 0 and <= 2000 } && wanted[0] == '/' && (wanted.Length == 1 || wanted[1] is not ('/' or '\\')) && !wanted.Any(char.IsControl) ? wanted : "/";

    private static string WithoutFingerprint(EndpointBuilder endpoint, string route)
    {
        var label = endpoint.Metadata.OfType<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>().FirstOrDefault()?.Properties.FirstOrDefault(property => property.Name == "label")?.Value;
        return (label ?? route).TrimStart('/');
    }

    private static IResult Show(HttpContext context, IAntiforgery antiforgery, string? returnUrl) =>
        context.User.Identity is { IsAuthenticated: true } ? Results.LocalRedirect(LocalAddress(returnUrl)) : Page(context, antiforgery, returnUrl, null, StatusCodes.Status200OK);

    private static async Task<IResult> SignInAsync(HttpContext context, IAntiforgery antiforgery, SignInThrottle throttle, Sessions sessions)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        var returnUrl = form["returnUrl"].ToString();
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Page(context, antiforgery, returnUrl, "This form was open for too long, or this browser takes no cookies. Please try again.", StatusCodes.Status400BadRequest);
        }

        var password = form["password"].ToString();
        using var turn = await throttle.EnterAsync(context.Connection.RemoteIpAddress, context.RequestAborted);
        if (turn is null)
        {
            context.Response.Headers.RetryAfter = "10";
            return Page(context, antiforgery, returnUrl, "Too many tries. Wait ten seconds, then try again.", StatusCodes.Status429TooManyRequests);
        }

        if (password.Length is 0 or > LongestPassword || await sessions.SignInAsync(AccountStore.Administrator, password, context.RequestAborted) is not { } principal)
        {
            return Page(context, antiforgery, returnUrl, "That is not the password. It is the one that the server was started with, in CATCHUP_ADMIN_PASSWORD.", StatusCodes.Status401Unauthorized);
        }

        await context.SignInAsync(AccessSchemes.Session, principal, new AuthenticationProperties { IsPersistent = true });
        return Results.LocalRedirect(LocalAddress(returnUrl));
    }

    private static async Task<IResult> SignOutAsync(HttpContext context)
    {
        await context.SignOutAsync(AccessSchemes.Session);
        return Results.LocalRedirect("/sign-in");
    }

    private static RazorComponentResult<SignInPage> Page(HttpContext context, IAntiforgery antiforgery, string? returnUrl, string? problem, int status)
    {
        var token = antiforgery.GetAndStoreTokens(context);
        var parameters = new Dictionary<string, object?>
        {
            [nameof(SignInPage.ReturnUrl)] = LocalAddress(returnUrl),
            [nameof(SignInPage.Problem)] = problem,
            [nameof(SignInPage.TokenField)] = token.FormFieldName,
            [nameof(SignInPage.Token)] = token.RequestToken,
        };
        return new RazorComponentResult<SignInPage>(parameters) { StatusCode = status };
    }
}
