using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Encodings.Web;
using CatchUp.Dashboard.Api;
using CatchUp.Tracking.Workers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace CatchUp.Dashboard.Access;

/// <summary>Knows a worker by the token it shows: <c>Authorization: Bearer …</c>. It lets it at artifacts and at nothing else.</summary>
internal sealed class WorkerTokenAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, WorkerTokenStore tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>Name of the scheme, which is also that of the policy for workers.</summary>
    public const string Name = AccessPolicies.Worker;

    private const string TokenClaim = "worker-token";

    /// <summary>The token's id; null when the user is no worker.</summary>
    public static long? TokenId(ClaimsPrincipal user) => long.TryParse(user.FindFirstValue(TokenClaim), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!AuthenticationHeaderValue.TryParse(Request.Headers.Authorization, out var header) || !string.Equals(header.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase) || header.Parameter is not { Length: > 0 } secret)
        {
            return AuthenticateResult.NoResult();
        }

        if (await tokens.FindAsync(secret, Context.RequestAborted) is not { } token)
        {
            return AuthenticateResult.Fail("The worker's token is unknown or revoked.");
        }

        var identity = new ClaimsIdentity([new Claim(TokenClaim, token.Id.ToString(CultureInfo.InvariantCulture)), new Claim(ClaimTypes.Name, token.Name)], Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return ApiProblem.Create(
            StatusCodes.Status401Unauthorized, "A worker's token is needed", "Artifacts are for workers: send a token as Authorization: Bearer TOKEN. This one is missing, unknown or revoked; make one on the Workers page.").ExecuteAsync(Context);
    }
}
