namespace CatchUp.Dashboard.Api;

/// <summary>The HTTP API, version 1: the same operations as the pages. Names once published stay.</summary>
public static class ApiEndpoints
{
    public static void MapApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOpenApi("/openapi/{documentName}.json");
        endpoints.MapHealth();
        // Any of them refuses a parameter it does not know, and whoever has not signed in where that is asked for.
        var api = endpoints.MapGroup("/api/v1").AddEndpointFilter<ApiFailures>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized);
        api.MapSweeps();
        api.MapSearches();
        api.MapSchemas();
        api.MapRunExport();
        api.MapRuns();
        api.MapParameters();
        api.MapRunData();
        api.MapReproductions();
        api.MapQueue();
        api.MapWorkers();
        api.MapArtifacts();
        api.MapRetention();
        api.MapDigest();
        api.MapWebhooks();
        api.MapReports();
        endpoints
            .MapFallback("/api/{**path}", (HttpRequest request) => ApiProblem.NotFound($"There is nothing at {ApiInput.Shorten(request.Path)} for {request.Method}. What there is, is described at /openapi/v1.json."))
            .ExcludeFromDescription();
    }
}
