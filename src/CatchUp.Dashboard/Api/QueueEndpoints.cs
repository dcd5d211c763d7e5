using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Dashboard.Api;

/// <summary>What waits, in which order, and how to change that.</summary>
internal static class QueueEndpoints
{
    public static void MapQueue(this IEndpointRouteBuilder api)
    {
        var queue = api.MapGroup("/queue").WithTags("Queue");
        queue.MapGet("/", ListAsync).WithSummary("What waits, in the order in which slots will take it, with reasons and predictions").Produces<ApiPage<ApiQueueEntry>>().ProducesProblem(StatusCodes.Status400BadRequest);
        queue.MapPost("/move", MoveAsync).WithSummary("Move a waiting run, or the waiting runs of a sweep")
            .WithDescription("""The body says what moves and where to: { "run": 12, "before": 15 }, { "run": 12, "after": 15 }, { "sweep": 3, "before": 4 } or { "run": 12, "to": "top" }. What moves takes the priority of its new place.""")
            .TakesJson()
            .Produces<ApiMessage>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapPatch("/sweeps/{id}", ChangeAsync).WithTags("Sweeps").WithSummary("Give a sweep another schedule while it waits or runs")
            .WithDescription("""The body names what changes: { "priority": 5, "maxParallel": 2, "window": "22:00-07:00 Europe/Berlin", "deadline": "2026-12-01T07:00 Europe/Berlin" }. null removes maxParallel, window or deadline.""")
            .TakesJson()
            .Produces<ApiMessage>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ListAsync(HttpRequest request, string? limit, string? cursor, QueueStore queue, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(limit), nameof(cursor));
        var (offset, most) = (input.Cursor(), input.Limit());
        return input.Problem ?? Results.Ok(ApiPage<ApiQueueEntry>.From(await queue.ListAsync(offset, most, cancellation), ApiQueueEntry.From));
    }

    private static async Task<IResult> MoveAsync(HttpRequest request, QueueStore queue, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var json = await JsonInput.ReadAsync(request, input, cancellation, "run", "sweep", "before", "after", "to");
        var move = new QueueMove { Run = json.Id("run"), Sweep = json.Id("sweep"), Before = json.Id("before"), After = json.Id("after"), ToTop = json.Text("to") == "top" };
        if (json.Has("to") && !move.ToTop)
        {
            input.Error("to", "to is \"top\". For another place use before or after.");
        }

        if ((move.Run is null) == (move.Sweep is null))
        {
            input.Error("run", "Name either the run or the sweep to move, as in { \"run\": 12, \"to\": \"top\" }.");
        }

        if (new[] { move.Before is not null, move.After is not null, move.ToTop }.Count(said => said) != 1)
        {
            input.Error("before", "Name one place: before, after, or to: \"top\".");
        }

        return input.Problem ?? ApiProblem.Of(await queue.MoveAsync(move, cancellation));
    }

    private static async Task<IResult> ChangeAsync(HttpRequest request, string id, SweepStore sweeps, TimeProvider time, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var sweep = input.Id(nameof(id), id);
        var json = await JsonInput.ReadAsync(request, input, cancellation, "priority", "maxParallel", "window", "deadline");
        var change = new SweepScheduleChange
        {
            Priority = json.Whole("priority"),
            MaxParallel = json.Has("maxParallel") ? new(json.Whole("maxParallel")) : null,
            Window = json.Has("window") ? new(json.Text("window")) : null,
            Deadline = json.Has("deadline") ? new(json.Text("deadline")) : null,
        };
        foreach (var problem in change.Check(time.GetUtcNow()))
        {
            input.Error(problem.Path, problem.Message);
        }

        if (json.Has("priority") && change.Priority is null)
        {
            input.Error("priority", "priority is a whole number; 0 is the usual one.");
        }

        return input.Problem ?? ApiProblem.Of(await sweeps.ChangeAsync(sweep, change, cancellation));
    }
}
