using CatchUp.Tracking.Searches;

namespace CatchUp.Dashboard.Api;

/// <summary>The searches of sweeps. Results are not among what can be sent: they come from runs alone.</summary>
internal static class SearchEndpoints
{
    private const int LinesAtOnce = 1000, MostTrials = 100_000;

    public static void MapSearches(this IEndpointRouteBuilder api)
    {
        var sweeps = api.MapGroup("/sweeps/{id}").WithTags("Searches");
        sweeps.MapGet("/search", FindAsync).WithSummary("How a sweep's search stands").WithDescription("Trials by state, the best so far, the front of several objectives, the rungs, and what stopping early saved and may have cost. A plain grid has no search.")
            .Produces<SearchReport>().ProducesProblem(StatusCodes.Status404NotFound);
        sweeps.MapGet("/trials", ListAsync).WithSummary("The trials of a search by their numbers, each with why it was proposed and what was decided about it").Produces<ApiPage<SearchTrial>>().ProducesProblem(StatusCodes.Status404NotFound);
        sweeps.MapGet("/ledger", DownloadAsync).WithSummary("The ledger of a search, a line of JSON an entry").Produces<string>(contentType: "application/x-ndjson").ProducesProblem(StatusCodes.Status404NotFound);
        sweeps.MapGet("/ledger/verify", VerifyAsync).WithSummary("Conclude everything in the ledger again").WithDescription("Names the first entry that does not follow from those before. Takes as long as all suggestions together.").Produces<SearchVerification>().ProducesProblem(StatusCodes.Status404NotFound);
        sweeps.MapPost("/extend", ExtendAsync).WithSummary("Let a search try more configurations").WithDescription("?trials=16 adds 16 to what it was to try.").Produces<ApiMessage>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        sweeps.MapPost("/narrow", NarrowAsync).WithSummary("Continue in a smaller space").WithDescription("The body has space and constraints as a sweep file writes them; each key within what it was.").Produces<ApiMessage>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> FindAsync(HttpRequest request, string id, SearchStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var sweep = input.Id(nameof(id), id);
        return input.Problem ?? (await store.FindAsync(sweep, cancellation) is { } report ? Results.Ok(report) : NoSearch(sweep));
    }

    private static async Task<IResult> ListAsync(HttpRequest request, string id, string? limit, string? cursor, SearchStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(limit), nameof(cursor));
        var (sweep, offset, most) = (input.Id(nameof(id), id), input.Cursor(), input.Limit());
        return input.Problem ?? (await store.TrialsAsync(sweep, offset, most, cancellation) is { } page ? Results.Ok(ApiPage<SearchTrial>.From(page, trial => trial)) : NoSearch(sweep));
    }

    private static async Task<IResult> DownloadAsync(HttpRequest request, string id, SearchStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var sweep = input.Id(nameof(id), id);
        if (input.Problem is { } problem)
        {
            return problem;
        }

        if (await store.LedgerAsync(sweep, 1, LinesAtOnce, cancellation) is not { } first)
        {
            return NoSearch(sweep);
        }

        return Results.Stream(
            async body =>
            {
                var writer = new StreamWriter(body, leaveOpen: true);
                await using (writer)
                {
                    var from = 1L;
                    for (var lines = first; lines is { Count: > 0 }; lines = lines.Count < LinesAtOnce ? null : await store.LedgerAsync(sweep, from, LinesAtOnce, cancellation))
                    {
                        foreach (var line in lines)
                        {
                            await writer.WriteAsync(line.AsMemory(), cancellation);
                            await writer.WriteAsync('\n');
                        }

                        from += lines.Count;
                    }
                }
            },
            "application/x-ndjson",
            $"sweep-{sweep}-ledger.ndjson");
    }

    private static async Task<IResult> VerifyAsync(HttpRequest request, string id, SearchStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var sweep = input.Id(nameof(id), id);
        return input.Problem ?? (await store.VerifyAsync(sweep, cancellation) is { } verification ? Results.Ok(verification) : NoSearch(sweep));
    }

    private static async Task<IResult> ExtendAsync(HttpRequest request, string id, string? trials, SearchStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(trials));
        var (sweep, more) = (input.Id(nameof(id), id), input.Number(nameof(trials), 1, MostTrials));
        if (more is null && input.Problem is null)
        {
            input.Error(nameof(trials), "Say how many more trials, as in ?trials=16.");
        }

        return input.Problem ?? ApiProblem.Of(await store.ExtendAsync(sweep, (int)more!.Value, cancellation));
    }

    private static async Task<IResult> NarrowAsync(HttpRequest request, string id, SearchStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var sweep = input.Id(nameof(id), id);
        if (input.Problem is { } problem)
        {
            return problem;
        }

        var (document, unreadable) = await SweepEndpoints.ReadAsync(request, cancellation);
        if (document is null)
        {
            return unreadable!;
        }

        var (outcome, problems) = await store.NarrowAsync(sweep, document, cancellation);
        return problems.Count > 0 ? ApiProblem.Refused(problems) : ApiProblem.Of(outcome);
    }

    private static IResult NoSearch(long sweep) => ApiProblem.NotFound($"Sweep {sweep} is not there, or it is a plain grid and searches nothing.");
}
