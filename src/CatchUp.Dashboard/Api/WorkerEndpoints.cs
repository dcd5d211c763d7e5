using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Workers;

namespace CatchUp.Dashboard.Api;

/// <summary>Workers, commands for them, and the tokens they show for artifacts.</summary>
internal static class WorkerEndpoints
{
    public static void MapWorkers(this IEndpointRouteBuilder api)
    {
        var workers = api.MapGroup("/workers").WithTags("Workers");
        workers.MapGet("/", ListAsync).WithSummary("Workers that have been heard of, and what runs in their slots").Produces<ApiPage<ApiWorker>>();
        MapCommand(workers, "undrain", "Let a drained worker take runs again", (store, worker, cancellation) => store.UndrainAsync(worker, cancellation));
        MapCommand(workers, "remove", "Send a worker away: its process ends, its token is revoked, its runs go on elsewhere", (store, worker, cancellation) => store.RemoveAsync(worker, cancellation));
        workers.MapPost("/{id}/drain", DrainAsync).WithSummary("Let a worker take no more runs")
            .WithDescription("id is the worker's incarnation. It ends the runs it has; with giveBack=true they stop at a checkpoint and go back into the queue.")
            .Produces<ApiMessage>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        workers.MapGet("/tokens", TokensAsync).WithSummary("Tokens of workers, without their secrets").Produces<ApiPage<ApiWorkerToken>>();
        workers.MapPost("/tokens", CreateTokenAsync).WithSummary("Make a token for a worker").WithDescription("The body is a JSON object with a name, as in { \"name\": \"lab-3\" }. The token is in this answer and cannot be read again.")
            .TakesJson()
            .Produces<ApiWorkerToken>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest);
        workers.MapPost("/tokens/{id}/revoke", RevokeTokenAsync).WithSummary("Make a token worthless").Produces<ApiMessage>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static void MapCommand(RouteGroupBuilder workers, string name, string summary, Func<WorkerStore, Guid, CancellationToken, Task<CommandOutcome>> command) =>
        workers.MapPost($"/{{id}}/{name}", async (HttpRequest request, string id, WorkerStore store, CancellationToken cancellation) =>
        {
            var input = new ApiInput(request);
            var worker = Incarnation(input, id);
            return input.Problem ?? ApiProblem.Of(await command(store, worker, cancellation));
        }).WithSummary(summary).WithDescription("id is the worker's incarnation.").Produces<ApiMessage>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> ListAsync(HttpRequest request, string? limit, string? cursor, WorkerStore workers, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(limit), nameof(cursor));
        var (most, offset) = (input.Limit(), input.Cursor());
        return input.Problem ?? Results.Ok(ApiPage<ApiWorker>.From(await workers.ListAsync(cancellation), offset, most, ApiWorker.From));
    }

    private static async Task<IResult> DrainAsync(HttpRequest request, string id, string? giveBack, WorkerStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(giveBack));
        var (worker, back) = (Incarnation(input, id), input.Flag(nameof(giveBack)));
        return input.Problem ?? ApiProblem.Of(await store.DrainAsync(worker, back, cancellation));
    }

    private static async Task<IResult> TokensAsync(HttpRequest request, string? limit, string? cursor, WorkerTokenStore tokens, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(limit), nameof(cursor));
        var (most, offset) = (input.Limit(), input.Cursor());
        return input.Problem ?? Results.Ok(ApiPage<ApiWorkerToken>.From(await tokens.ListAsync(cancellation), offset, most, ApiWorkerToken.From));
    }

    private static async Task<IResult> CreateTokenAsync(HttpRequest request, WorkerTokenStore tokens, CancellationToken cancellation)
    {
        // Whatever type it is said to be: curl --data calls any body a form.
        var input = new ApiInput(request);
        var name = (await JsonInput.ReadAsync(request, input, cancellation, "name")).Text("name");
        if (input.Problem is { } problem)
        {
            return problem;
        }

        var (outcome, token, secret) = await tokens.CreateAsync(name ?? "", cancellation);
        return token is null ? ApiProblem.Bad("name", $"{outcome.Message} The body is a JSON object, as in {{ \"name\": \"lab-3\" }}.") : Results.Json(ApiWorkerToken.From(token, secret), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> RevokeTokenAsync(HttpRequest request, string id, WorkerTokenStore tokens, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var number = input.Id(nameof(id), id);
        return input.Problem ?? ApiProblem.Of(await tokens.RevokeAsync(number, cancellation));
    }

    private static Guid Incarnation(ApiInput input, string id)
    {
        if (!Guid.TryParse(id, out var incarnation))
        {
            input.Error(nameof(id), $"'{ApiInput.Shorten(id)}' is no worker. Use the incarnation that GET /api/v1/workers gives.");
        }

        return incarnation;
    }
}
