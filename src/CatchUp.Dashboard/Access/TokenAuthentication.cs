using System.Security.Claims;
using System.Text.Encodings.Web;
using CatchUp.Tracking.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace CatchUp.Dashboard.Access;

/// <summary>Lets scripts in by "Authorization: Bearer TOKEN".</summary>
internal sealed class TokenAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AccountStore accounts)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Prefix = "Bearer ";

    /// <summary>Whether the request shows any credentials in this header: those then count, and no cookie does.</summary>
    public static bool IsOffered(HttpRequest request) => request.Headers.Authorization.Count > 0;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is not [{ } header] || !header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        if (await accounts.FindTokenAsync(header[Prefix.Length..].Trim(), Context.RequestAborted) is not { } token)
        {
            return AuthenticateResult.Fail("The token is not known.");
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, token.Account)], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => AccessRegistration.ChallengeAsync(Context);
}
