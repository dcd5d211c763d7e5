using System.Security.Claims;

namespace CatchUp.Dashboard.Access;

/// <summary>Who asks.</summary>
internal static class SignedIn
{
    /// <returns>The account's name; null where nobody has to sign in.</returns>
    public static string? Name(ClaimsPrincipal user) => user.Identity is { IsAuthenticated: true, Name: { Length: > 0 } name } ? name : null;
}
