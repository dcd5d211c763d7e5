using Microsoft.AspNetCore.Authentication;

namespace CatchUp.Dashboard.Access;

internal static class WorkerTokenRegistration
{
    public static IServiceCollection AddWorkerTokens(this IServiceCollection services)
    {
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, WorkerTokenAuthentication>(WorkerTokenAuthentication.Name, null);
        return services;
    }
}
