using CatchUp.Tracking.Workers;

namespace CatchUp.Dashboard.Api;

internal static class WorkerEndpoints
{
    public static void MapWorkers(this IEndpointRouteBuilder api) =>
        api.MapGet("/workers", ListAsync).WithTags("Workers").WithSummary("Workers that have been heard of, and what runs in their slots").Produces<ApiPage<ApiWorker>>();

    private static async Task<IResult> ListAsync(HttpRequest request, string? limit, string? cursor, WorkerStore workers, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(limit), nameof(cursor));
        var (most, offset) = (input.Limit(), input.Cursor());
        return input.Problem ?? Results.Ok(ApiPage<ApiWorker>.From(await workers.ListAsync(cancellation), offset, most, ApiWorker.From));
    }
}
