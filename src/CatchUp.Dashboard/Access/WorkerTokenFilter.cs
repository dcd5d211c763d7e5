using Microsoft.AspNetCore.Authentication;

namespace CatchUp.Dashboard.Access;

/// <summary>Demands a worker's token of whoever asks, also where the rest needs no sign-in.</summary>
internal sealed class WorkerTokenFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (await http.AuthenticateAsync(WorkerTokenAuthentication.Name) is { Succeeded: true } known)
        {
            http.User = known.Principal;
            return await next(context);
        }

        await http.ChallengeAsync(WorkerTokenAuthentication.Name);
        return Results.Empty;
    }
}
