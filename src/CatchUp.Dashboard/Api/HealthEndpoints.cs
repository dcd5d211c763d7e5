using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CatchUp.Dashboard.Api;

internal static class HealthEndpoints
{
    private static readonly HttpMethodMetadata Reading = new([HttpMethods.Get, HttpMethods.Head]);

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        // Live: the process answers, and says nothing else, to anybody. Ready: so do database and bus.
        endpoints.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync }).WithMetadata(Reading).AllowAnonymous();
        endpoints.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready"), ResponseWriter = WriteAsync }).WithMetadata(Reading);
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new ApiHealth(report.Status, report.Entries.ToDictionary(entry => entry.Key, entry => new ApiHealthCheck(entry.Value.Status, entry.Value.Description))),
        context.RequestAborted);
}
