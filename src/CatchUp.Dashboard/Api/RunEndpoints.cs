using CatchUp.Tracking.Runs;

namespace CatchUp.Dashboard.Api;

/// <summary>Runs and commands for them.</summary>
internal static class RunEndpoints
{
    public static void MapRuns(this IEndpointRouteBuilder api)
    {
        var runs = api.MapGroup("/runs").WithTags("Runs");
        runs.MapGet("/", ListAsync).WithSummary("Runs").WithDescription($"filter: {RunFilter.Help} sort: created, name, state, step, loss, best or updated; a - before it turns the order round.")
            .Produces<ApiPage<ApiRun>>().ProducesProblem(StatusCodes.Status400BadRequest);
        runs.MapGet("/{id}", FindAsync).WithSummary("A run with its specification, environment and attempts").Produces<ApiRunDetails>().ProducesProblem(StatusCodes.Status404NotFound);
        MapCommand(runs, "cancel", "End a run", (store, run, cancellation) => store.CancelAsync(run, cancellation));
        MapCommand(runs, "pause", "Stop a run at a checkpoint, to go on later", (store, run, cancellation) => store.PauseAsync(run, cancellation));
        MapCommand(runs, "resume", "Queue a run again; it goes on from its last checkpoint", (store, run, cancellation) => store.ResumeAsync(run, cancellation));
        runs.MapPost("/{id}/evaluate", EvaluateAsync).WithSummary("Not available yet: evaluate a finished run in another way").ProducesProblem(StatusCodes.Status501NotImplemented);
    }

    private static void MapCommand(RouteGroupBuilder runs, string name, string summary, Func<RunStore, long, CancellationToken, Task<CommandOutcome>> command) =>
        runs.MapPost($"/{{id}}/{name}", async (HttpRequest request, string id, RunStore store, CancellationToken cancellation) =>
        {
            var input = new ApiInput(request);
            var run = input.Id(nameof(id), id);
            return input.Problem ?? ApiProblem.Of(await command(store, run, cancellation));
        }).WithSummary(summary).Produces<ApiMessage>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> ListAsync(HttpRequest request, string? filter, string? sort, string? limit, string? cursor, RunStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(filter), nameof(sort), nameof(limit), nameof(cursor));
        var query = RunFilter.Read(input);
        return input.Problem ?? Results.Ok(ApiPage<ApiRun>.From(await store.ListAsync(query, cancellation), ApiRun.From));
    }

    private static async Task<IResult> FindAsync(HttpRequest request, string id, RunStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var number = input.Id(nameof(id), id);
        return input.Problem ?? (await store.FindAsync(number, cancellation) is { } run ? Results.Ok(ApiRunDetails.From(run)) : NoRun(number));
    }

    private static async Task<IResult> EvaluateAsync(HttpRequest request, string id, RunStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var number = input.Id(nameof(id), id);
        return input.Problem ?? (await store.FindAsync(number, cancellation) is null
            ? NoRun(number)
            : ApiProblem.Create(StatusCodes.Status501NotImplemented, "Not available yet", "Runs are evaluated while they train, as their specification says. Evaluating one afterwards is not available yet."));
    }

    public static IResult NoRun(long run) => ApiProblem.NotFound($"There is no run {run}.");
}
