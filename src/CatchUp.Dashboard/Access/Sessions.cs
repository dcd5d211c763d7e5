using System.Security.Claims;
using CatchUp.Tracking.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace CatchUp.Dashboard.Access;

/// <summary>Browsers that have signed in. A session ends when it is signed out, after a week without use, or when its account gets another password.</summary>
internal sealed partial class Sessions(AccountStore accounts, TimeProvider time, ILogger<Sessions> logger)
{
    private const string StampClaim = "stamp";

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    private Known? _known;

    /// <returns>Null when name or password is wrong.</returns>
    public async Task<ClaimsPrincipal?> SignInAsync(string name, string password, CancellationToken cancellation) =>
        await accounts.SignInAsync(name, password, cancellation) is { } stamp
            ? new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name), new Claim(StampClaim, stamp)], AccessSchemes.Session))
            : null;

    public async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var name = context.Principal?.Identity?.Name;
        var stamp = context.Principal?.FindFirstValue(StampClaim);
        if (name is null || stamp is null || await StampAsync(name, context.HttpContext.RequestAborted) != stamp)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(AccessSchemes.Session);
        }
    }

    /// <summary>As it was at most ten seconds ago: a page asks for dozens of files.</summary>
    private async Task<string?> StampAsync(string name, CancellationToken cancellation)
    {
        var known = _known;
        if (known is not null && known.Name == name && time.GetElapsedTime(known.At) < LookAgain)
        {
            return known.Stamp;
        }

        try
        {
            var stamp = await accounts.StampAsync(name, cancellation);
            _known = new Known(name, stamp, time.GetTimestamp());
            return stamp;
        }
#pragma warning disable CA1031 // Whatever is wrong with the database: who was in stays in, and sees the page that says so.
        catch (Exception problem) when (known is not null && known.Name == name && problem is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Log.Unchecked(logger, problem);
            return known.Stamp;
        }
    }

    private sealed record Known(string Name, string? Stamp, long At);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Whether a session is still valid could not be looked up; the last answer stands")]
        public static partial void Unchecked(ILogger logger, Exception problem);
    }
}
