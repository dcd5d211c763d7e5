using CatchUp.Dashboard.Access;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;
using MassTransit;

namespace CatchUp.Dashboard.Api;

/// <summary>Runs and commands for them.</summary>
internal static class RunEndpoints
{
    public static void MapRuns(this IEndpointRouteBuilder api)
    {
        var runs = api.MapGroup("/runs").WithTags("Runs");
        runs.MapGet("/", ListAsync).WithSummary("Runs").WithDescription($"filter: {RunListInput.Help} sort: {RunListInput.SortHelp} columns: such terms divided by commas, whose values are told with each run.")
            .Produces<ApiPage<ApiRun>>().ProducesProblem(StatusCodes.Status400BadRequest);
        runs.MapGet("/{id}", FindAsync).WithSummary("A run with its specification, environment and attempts").Produces<ApiRunDetails>().ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapPost("/{id}/cancel", CancelAsync).WithSummary("End a run").WithDescription("With ?checkpoint=true a running run writes a checkpoint first, so that it can be retried from where it stopped.")
            .Produces<ApiMessage>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        runs.MapPost("/{id}/retry", RetryAsync).WithSummary("Queue a run that failed or was cancelled once more").WithDescription("?from=checkpoint (what it is without) goes on from its last safe checkpoint; ?from=zero removes all it had recorded and begins again.")
            .Produces<ApiMessage>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        runs.MapDelete("/{id}/exclusions", LiftExclusionsAsync).WithSummary("Let every worker be given the run again").Produces<ApiMessage>().ProducesProblem(StatusCodes.Status404NotFound);
        MapCommand(runs, "pause", "Stop a run at a checkpoint, to go on later", (store, run, cancellation) => store.PauseAsync(run, cancellation));
        MapCommand(runs, "resume", "Queue a run again; it goes on from its last checkpoint", (store, run, cancellation) => store.ResumeAsync(run, cancellation));
        runs.MapPost("/{id}/evaluate", EvaluateAsync)
            .WithSummary("Evaluate a stored snapshot of a run in another way")
            .WithDescription("The body is a JSON object with keys of the section evaluation (solvers, nfe, heads, metrics, samples, extractor, batchSize); those left out are the run's own. step chooses the snapshot, the last one if left out. A sweep of one run is queued, whose results join the evaluated run's. The header Idempotency-Key makes repeating harmless.")
            .TakesJson()
            .Produces<ApiSweepDetails>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static void MapCommand(RouteGroupBuilder runs, string name, string summary, Func<RunStore, long, CancellationToken, Task<CommandOutcome>> command) =>
        runs.MapPost($"/{{id}}/{name}", async (HttpRequest request, string id, RunStore store, CancellationToken cancellation) =>
        {
            var input = new ApiInput(request);
            var run = input.Id(nameof(id), id);
            return input.Problem ?? ApiProblem.Of(await command(store, run, cancellation));
        }).WithSummary(summary).Produces<ApiMessage>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> CancelAsync(HttpRequest request, string id, string? checkpoint, RunStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(checkpoint));
        var (run, first) = (input.Id(nameof(id), id), input.Flag(nameof(checkpoint)));
        return input.Problem ?? ApiProblem.Of(first ? await store.CancelAtCheckpointAsync(run, cancellation) : await store.CancelAsync(run, cancellation));
    }

    private static async Task<IResult> RetryAsync(HttpRequest request, string id, string? from, RunStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(from));
        var (run, zero) = (input.Id(nameof(id), id), ReadFrom(input));
        return input.Problem ?? ApiProblem.Of(await store.RetryAsync(run, zero, cancellation));
    }

    /// <summary>Whether ?from= says zero.</summary>
    public static bool ReadFrom(ApiInput input)
    {
        switch (input.Text("from"))
        {
            case null or "checkpoint":
                return false;
            case "zero":
                return true;
            case var text:
                input.Error("from", $"from is checkpoint or zero, not '{ApiInput.Shorten(text)}'.");
                return false;
        }
    }

    private static async Task<IResult> LiftExclusionsAsync(HttpRequest request, string id, RunStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var run = input.Id(nameof(id), id);
        return input.Problem ?? ApiProblem.Of(await store.LiftExclusionsAsync(run, cancellation));
    }

    private static async Task<IResult> ListAsync(HttpRequest request, string? filter, string? sort, string? columns, string? limit, string? cursor, RunStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(filter), nameof(sort), nameof(columns), nameof(limit), nameof(cursor));
        var query = RunListInput.Read(input);
        return input.Problem ?? Results.Ok(ApiPage<ApiRun>.From(await store.ListAsync(query, cancellation), run => ApiRun.From(run, query.Columns)));
    }

    private static async Task<IResult> FindAsync(HttpRequest request, string id, RunStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var number = input.Id(nameof(id), id);
        return input.Problem ?? (await store.FindAsync(number, cancellation) is { } run ? Results.Ok(ApiRunDetails.From(run)) : NoRun(number));
    }

    private static async Task<IResult> EvaluateAsync(HttpRequest request, string id, RunStore store, SweepStore sweeps, IBus bus, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var number = input.Id(nameof(id), id);
        var key = SweepEndpoints.ReadKey(request, input);
        if (input.Problem is { } problem)
        {
            return problem;
        }

        if (await store.FindAsync(number, cancellation) is not { } run)
        {
            return NoRun(number);
        }

        var (body, unreadable) = await SweepEndpoints.ReadAsync(request, cancellation);
        if (body is null)
        {
            return unreadable!;
        }

        return ReEvaluation.Of(run, body) is { } document
            ? await SweepEndpoints.LaunchAsync(document, key, SignedIn.Name(request.HttpContext.User), sweeps, bus, cancellation)
            : ApiProblem.Bad("body", """The body is a JSON object with keys of the section evaluation, as in { "solvers": ["heun"], "nfe": [3, 5] }.""");
    }

    public static IResult NoRun(long run) => ApiProblem.NotFound($"There is no run {run}.");
}
