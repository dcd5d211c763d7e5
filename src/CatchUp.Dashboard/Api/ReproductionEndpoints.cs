using CatchUp.Dashboard.Access;
using CatchUp.Tracking.Reproductions;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sources;

namespace CatchUp.Dashboard.Api;

/// <summary>Runs that are made again, and whether the same came of it.</summary>
internal static class ReproductionEndpoints
{
    public static void MapReproductions(this IEndpointRouteBuilder api)
    {
        var runs = api.MapGroup("/runs/{id}").WithTags("Runs");
        runs.MapPost("/reproduce", ReproduceAsync)
            .WithSummary("Queue the same run again, to compare what comes of it")
            .WithDescription("The stored specification, seed and initial weights are queued once more, in a sweep of their own. With ?dryRun=true nothing is queued and only notes are returned: why other bits may come of it. With the header Idempotency-Key (a GUID) repeating the request is harmless.")
            .Produces<ApiReproduction>(StatusCodes.Status201Created).Produces<ApiReproduction>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        runs.MapGet("/certificate", FindAsync)
            .WithSummary("A reproduction compared with its original")
            .WithDescription("sha256 is that of the bytes of content, as they stand between \"content\": and the last brace.")
            .Produces<ApiCertificate>().ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapPost("/certificate", MakeAgainAsync).WithSummary("Compare a reproduction with its original again, as both are stored now").Produces<ApiCertificate>().ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/source-patches/{sha256}", PatchAsync).WithTags("Runs").WithSummary("What was changed over a commit when a trainer was built")
            .WithDescription("sha256: patch_sha256 of a run's environment. Of long patches the beginning is kept.").Produces<string>(contentType: "text/plain").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ReproduceAsync(HttpRequest request, string id, string? dryRun, ReproductionStore reproductions, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(dryRun));
        var (run, dry, key) = (input.Id(nameof(id), id), input.Flag(nameof(dryRun)), SweepEndpoints.ReadKey(request, input));
        if (input.Problem is { } problem)
        {
            return problem;
        }

        if (await reproductions.LookAsync(run, cancellation) is not { } outlook)
        {
            return RunEndpoints.NoRun(run);
        }

        if (dry)
        {
            return Results.Ok(ApiReproduction.From(run, outlook));
        }

        var done = await reproductions.QueueAsync(run, key, SignedIn.Name(request.HttpContext.User), cancellation);
        return done.Run is not { } queued ? ApiProblem.Of(done.Outcome)
            : done.AlreadyKnown ? Results.Ok(ApiReproduction.From(run, outlook, queued))
            : Results.Created($"/api/v1/runs/{queued}", ApiReproduction.From(run, outlook, queued));
    }

    private static Task<IResult> FindAsync(HttpRequest request, string id, RunStore runs, CertificateStore certificates, CancellationToken cancellation) =>
        AnswerAsync(request, id, runs, certificates.FindAsync, cancellation);

    private static Task<IResult> MakeAgainAsync(HttpRequest request, string id, RunStore runs, CertificateStore certificates, CancellationToken cancellation) =>
        AnswerAsync(request, id, runs, certificates.MakeAgainAsync, cancellation);

    private static async Task<IResult> AnswerAsync(HttpRequest request, string id, RunStore runs, Func<long, CancellationToken, Task<StoredCertificate?>> find, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var run = input.Id(nameof(id), id);
        if (input.Problem is { } problem)
        {
            return problem;
        }

        if (await find(run, cancellation) is { } certificate)
        {
            request.HttpContext.Response.Headers.ContentDisposition = $"attachment; filename=\"certificate-run-{run}.json\"";
            return Results.Text(ApiCertificate.Write(certificate), "application/json");
        }

        return await runs.FindAsync(run, cancellation) is not { } found ? RunEndpoints.NoRun(run)
            : ApiProblem.NotFound(found.Reproductions.Count == 0
                ? $"Run {run} repeats no other run, and none repeats it. POST /api/v1/runs/{run}/reproduce queues one that does."
                : $"Run {run} repeats no other run. Those that repeat it have certificates: {string.Join(", ", found.Reproductions.Take(10))}.");
    }

    private static async Task<IResult> PatchAsync(HttpRequest request, string sha256, SourcePatchStore patches, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        return input.Problem ?? (await patches.FindAsync(sha256, cancellation) is { } text ? Results.Text(text, "text/plain") : ApiProblem.NotFound($"No patch {ApiInput.Shorten(sha256)} is stored."));
    }
}
