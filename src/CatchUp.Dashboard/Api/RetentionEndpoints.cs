using CatchUp.Tracking.Retention;

namespace CatchUp.Dashboard.Api;

/// <summary>Where the disk goes, what may go, and what must not.</summary>
internal static class RetentionEndpoints
{
    public static void MapRetention(this IEndpointRouteBuilder api)
    {
        api.MapGet("/storage", LookAsync).WithTags("Storage").WithSummary("Disk use of sweeps, and what retention would free").Produces<ApiStorage>();
        api.MapPost("/retention", ApplyAsync).WithTags("Storage")
            .WithSummary("Free the checkpoints that the retention policies let go")
            .WithDescription("With ?dryRun=true nothing is freed, and the answer says what would be and which evaluations could not be made again. Without it the same happens as in the background.")
            .Produces<ApiRetention>().ProducesProblem(StatusCodes.Status400BadRequest);
        var checkpoints = api.MapGroup("/runs/{id}/checkpoints/{checkpoint}").WithTags("Data of runs");
        MapPin(checkpoints, "pin", "Keep a checkpoint whatever the retention policy says", pinned: true);
        MapPin(checkpoints, "unpin", "Let the retention policy decide about a checkpoint again", pinned: false);
    }

    private static void MapPin(RouteGroupBuilder checkpoints, string name, string summary, bool pinned) =>
        checkpoints.MapPost($"/{name}", async (HttpRequest request, string id, string checkpoint, RetentionStore retention, CancellationToken cancellation) =>
        {
            var input = new ApiInput(request);
            var (run, number) = (input.Id(nameof(id), id), input.Id(nameof(checkpoint), checkpoint));
            return input.Problem ?? ApiProblem.Of(await retention.PinAsync(run, number, pinned, cancellation));
        }).WithSummary(summary).Produces<ApiMessage>().ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> LookAsync(HttpRequest request, RetentionStore retention, CancellationToken cancellation) =>
        new ApiInput(request).Problem ?? Results.Ok(ApiStorage.From(await retention.LookAsync(cancellation)));

    private static async Task<IResult> ApplyAsync(HttpRequest request, string? dryRun, RetentionStore retention, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(dryRun));
        var dry = input.Flag(nameof(dryRun));
        if (input.Problem is { } problem)
        {
            return problem;
        }

        var plan = dry ? (await retention.LookAsync(cancellation)).Plan : await retention.ApplyAsync(cancellation);
        return Results.Ok(ApiRetention.From(plan, dry));
    }
}
