using CatchUp.Dashboard.Api;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;

namespace CatchUp.Dashboard.Access;

/// <summary>Composes who may come in into the host.</summary>
internal static class AccessRegistration
{
    private static readonly TimeSpan SessionLength = TimeSpan.FromDays(7);

    /// <param name="services">The host's.</param>
    /// <param name="options">Whether sign-in is on, and what goes with it.</param>
    /// <param name="keys">Folder of the keys that sign sessions; servers that share it take each other's sessions.</param>
    public static void AddAccess(this IServiceCollection services, AccessOptions options, string keys)
    {
        services.AddSingleton(options);
        services.AddSingleton<Sessions>();
        services.AddSingleton<SignInThrottle>();
        services.AddDataProtection().SetApplicationName("CatchUp Platform").PersistKeysToFileSystem(KeyFolder.Make(keys));
        services.AddAntiforgery(antiforgery => antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest);

        services
            .AddAuthentication(AccessSchemes.Either)
            .AddPolicyScheme(AccessSchemes.Either, null, scheme => scheme.ForwardDefaultSelector = static context => TokenAuthentication.IsOffered(context.Request) ? AccessSchemes.Token : AccessSchemes.Session)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(AccessSchemes.Token, null)
            .AddCookie(AccessSchemes.Session, session =>
            {
                session.Cookie.Name = "catchup.session";
                session.Cookie.HttpOnly = true;
                session.Cookie.SameSite = SameSiteMode.Lax;
                session.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                session.ExpireTimeSpan = SessionLength;
                session.SlidingExpiration = true;
                session.Events = new CookieAuthenticationEvents
                {
                    OnValidatePrincipal = static context => context.HttpContext.RequestServices.GetRequiredService<Sessions>().ValidateAsync(context),
                    OnRedirectToLogin = static context => ChallengeAsync(context.HttpContext),
                    OnRedirectToAccessDenied = static context => ChallengeAsync(context.HttpContext),
                };
            });
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(options.SignIn ? new AuthorizationPolicyBuilder(AccessSchemes.Either).RequireAuthenticatedUser().Build() : null)
            .AddPolicy(AccessPolicies.Worker, new AuthorizationPolicyBuilder(AccessPolicies.Worker).RequireAuthenticatedUser().Build());
        if (options.Proxies.Count > 0)
        {
            services.Configure<ForwardedHeadersOptions>(forwarded =>
            {
                forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
                forwarded.KnownProxies.Clear();
                forwarded.KnownIPNetworks.Clear();
                foreach (var proxy in options.Proxies)
                {
                    forwarded.KnownProxies.Add(proxy);
                }
            });
        }
    }

    /// <summary>What a request meets before anything else: is it meant for this server, and does no other site's page ask?</summary>
    public static void UseDoor(this WebApplication app, AccessOptions options)
    {
        if (options.Proxies.Count > 0)
        {
            app.UseForwardedHeaders();
        }

        if (options.SignIn)
        {
            app.UseNamedDoor(options);
        }
        else
        {
            app.UseLoopbackDoor();
        }
    }

    /// <summary>Asks who is there. Behind routing: what an endpoint demands is known there.</summary>
    public static void UseAccess(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
    }

    /// <summary>People are shown the way to sign in; programs are told that they have not.</summary>
    public static Task ChallengeAsync(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) && PagePaths.IsPage(request.Path))
        {
            context.Response.Redirect("/sign-in?returnUrl=" + Uri.EscapeDataString(request.Path + request.QueryString));
            return Task.CompletedTask;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"CatchUp Platform\"";
        return ApiProblem
            .Create(StatusCodes.Status401Unauthorized, "Not signed in", "This server asks who you are. Sign in at /sign-in, or send a token made on the page /access as the header 'Authorization: Bearer TOKEN'.")
            .ExecuteAsync(context);
    }
}
