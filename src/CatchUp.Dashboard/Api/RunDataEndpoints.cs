using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Samples;
using Microsoft.Net.Http.Headers;

namespace CatchUp.Dashboard.Api;

/// <summary>What a run recorded: curves, pictures, numbers, history, log and weights.</summary>
internal static class RunDataEndpoints
{
    public static void MapRunData(this IEndpointRouteBuilder api)
    {
        var runs = api.MapGroup("/runs/{id}").WithTags("Data of runs");
        runs.MapGet("/metrics", MetricsAsync).WithSummary("Curves of metrics, in at most so many exact buckets each")
            .WithDescription($"names: metrics separated by commas, all without it. from, to: steps. buckets: 1 to {MetricStore.MaximumBuckets}.")
            .Produces<ApiPage<MetricSeries>>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapGet("/samples", SamplesAsync).WithSummary("Grids of generated images").Produces<ApiPage<ApiSample>>().ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapGet("/samples/{sample}", SampleAsync).WithSummary("One grid, with the places and distances of the nearest training images and the times of the ways").Produces<ApiSampleDetails>().ProducesProblem(StatusCodes.Status404NotFound);
        MapPicture("/samples/{sample}.png", null, "The picture of a grid");
        MapPicture("/samples/{sample}/neighbours.png", SamplePictureKind.Neighbours, "The nearest training image of every cell of a grid");
        MapPicture("/samples/{sample}/trajectory.png", SamplePictureKind.Trajectory, "The ways of a grid's first cells: a row a cell, a column a time");
        runs.MapGet("/evaluations", EvaluationsAsync).WithSummary("Numbers about generated images").Produces<ApiPage<ApiEvaluation>>().ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapGet("/events", EventsAsync).WithSummary("The run's history, oldest first").Produces<ApiPage<RunEvent>>().ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapGet("/log", LogAsync).WithSummary("The last lines of the run's log, oldest first").WithDescription("after: the id of a line; only what came later is returned.")
            .Produces<ApiPage<LogLine>>().ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapGet("/checkpoints", CheckpointsAsync).WithSummary("Checkpoints and snapshots").Produces<ApiPage<ApiCheckpoint>>().ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapGet("/checkpoints/{checkpoint}", CheckpointAsync).WithSummary("A file of weights (safetensors)").Produces(StatusCodes.Status200OK, contentType: "application/octet-stream").ProducesProblem(StatusCodes.Status404NotFound);

        void MapPicture(string pattern, SamplePictureKind? beside, string summary) => runs
            .MapGet(pattern, (HttpRequest request, string id, string sample, SampleStore samples, CancellationToken cancellation) => PictureAsync(request, id, sample, beside, samples, cancellation))
            .WithSummary(summary).Produces(StatusCodes.Status200OK, contentType: "image/png").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> MetricsAsync(HttpRequest request, string id, string? names, string? from, string? to, string? buckets, RunStore runs, MetricStore metrics, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(names), nameof(from), nameof(to), nameof(buckets));
        var run = input.Id(nameof(id), id);
        var (first, last) = (input.Number(nameof(from), 0, long.MaxValue), input.Number(nameof(to), 0, long.MaxValue));
        var most = (int)(input.Number(nameof(buckets), 1, MetricStore.MaximumBuckets) ?? MetricStore.MaximumBuckets);
        if (first > last)
        {
            input.Error(nameof(from), $"from {first} is behind to {last}. Exchange them.");
        }

        if (input.Problem is { } problem)
        {
            return problem;
        }

        if (await runs.FindAsync(run, cancellation) is null)
        {
            return RunEndpoints.NoRun(run);
        }

        var known = (await metrics.SummariesAsync(run, cancellation)).Select(metric => metric.Name).ToList();
        var wanted = input.Text(nameof(names))?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToList() ?? known;
        foreach (var name in wanted.Except(known).Take(1))
        {
            var closest = ClosestWord.Find(name, known);
            var hint = closest is not null ? $"Did you mean {closest}?" : known.Count == 0 ? "It has logged none yet." : $"It has {string.Join(", ", known.Take(20))}{(known.Count > 20 ? " and more" : "")}.";
            return ApiProblem.Bad(nameof(names), $"Run {run} has no metric '{ApiInput.Shorten(name)}'. {hint}");
        }

        var series = await metrics.SeriesAsync(run, wanted, first, last, most, cancellation);
        return Results.Ok(new ApiPage<MetricSeries>(series, series.Count, null));
    }

    private static Task<IResult> SamplesAsync(HttpRequest request, string id, string? limit, string? cursor, RunStore runs, SampleStore samples, CancellationToken cancellation) =>
        ListAsync(request, id, runs, samples.ListAsync, (_, grid) => ApiSample.From(grid), cancellation);

    private static async Task<IResult> SampleAsync(HttpRequest request, string id, string sample, SampleStore samples, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var (run, number) = (input.Id(nameof(id), id), input.Id(nameof(sample), sample));
        if (input.Problem is { } problem)
        {
            return problem;
        }

        return await samples.FindAsync(run, number, cancellation) is { } details
            ? Results.Ok(ApiSampleDetails.From(details))
            : ApiProblem.NotFound($"Run {run} has no stored sample grid {number}.");
    }

    private static async Task<IResult> PictureAsync(HttpRequest request, string id, string sample, SamplePictureKind? beside, SampleStore samples, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var (run, number) = (input.Id(nameof(id), id), input.Id(nameof(sample), sample));
        if (input.Problem is { } problem)
        {
            return problem;
        }

        if (await samples.OpenAsync(run, number, beside, cancellation) is not { } picture)
        {
            return ApiProblem.NotFound(beside switch
            {
                SamplePictureKind.Neighbours => $"Run {run} has no nearest training images of sample grid {number}. Set samples.neighbours to true to keep them.",
                SamplePictureKind.Trajectory => $"Run {run} has no ways of the cells of sample grid {number}. Set samples.trajectories to keep some; they are kept with the largest NFE of each solver.",
                _ => $"Run {run} has no stored sample grid {number}.",
            });
        }

        // Of one id there is one picture, ever; but a run that is deleted takes it away, so only this user's browser keeps it.
        request.HttpContext.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return Results.Stream(picture.Png, "image/png", entityTag: new EntityTagHeaderValue($"\"{picture.Sha256}\""));
    }

    private static Task<IResult> EvaluationsAsync(HttpRequest request, string id, string? limit, string? cursor, RunStore runs, EvaluationStore evaluations, CancellationToken cancellation) =>
        ListAsync(request, id, runs, evaluations.ListAsync, (_, evaluation) => ApiEvaluation.From(evaluation), cancellation);

    private static Task<IResult> EventsAsync(HttpRequest request, string id, string? limit, string? cursor, RunStore runs, CancellationToken cancellation) =>
        ListAsync(request, id, runs, runs.EventsAsync, (_, entry) => entry, cancellation);

    private static async Task<IResult> LogAsync(HttpRequest request, string id, string? after, string? limit, RunStore runs, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(after), nameof(limit));
        var (run, behind, most) = (input.Id(nameof(id), id), input.Number(nameof(after), 0, long.MaxValue) ?? 0, input.Limit());
        if (input.Problem is { } problem)
        {
            return problem;
        }

        if (await runs.FindAsync(run, cancellation) is null)
        {
            return RunEndpoints.NoRun(run);
        }

        var lines = await runs.LogAsync(run, behind, most, cancellation);
        return Results.Ok(new ApiPage<LogLine>(lines, lines.Count, null));
    }

    private static Task<IResult> CheckpointsAsync(HttpRequest request, string id, string? limit, string? cursor, RunStore runs, CancellationToken cancellation) =>
        ListAsync(request, id, runs, runs.CheckpointsAsync, ApiCheckpoint.From, cancellation);

    private static async Task<IResult> CheckpointAsync(HttpRequest request, string id, string checkpoint, RunStore runs, ArtifactDirectory artifacts, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var (run, number) = (input.Id(nameof(id), id), input.Id(nameof(checkpoint), checkpoint));
        if (input.Problem is { } problem)
        {
            return problem;
        }

        var found = (await runs.CheckpointsAsync(run, cancellation)).FirstOrDefault(candidate => candidate.Id == number);
        var file = found is null ? null : artifacts.Open(found.Sha256);
        return file is null
            ? ApiProblem.NotFound(found is null ? $"Run {run} has no checkpoint {number}; older ones are dropped when newer ones are stored." : $"The file of checkpoint {number} has not arrived yet. Try again in a moment.")
            : Results.Stream(file, "application/octet-stream", $"run-{run}-{found!.Type.ToString().ToLowerInvariant()}-{found.Step}.safetensors", entityTag: new EntityTagHeaderValue($"\"{found.Sha256}\""), enableRangeProcessing: true);
    }

    private static async Task<IResult> ListAsync<TItem, T>(
        HttpRequest request, string id, RunStore runs, Func<long, CancellationToken, Task<IReadOnlyList<TItem>>> list, Func<long, TItem, T> convert, CancellationToken cancellation)
    {
        var input = new ApiInput(request, "limit", "cursor");
        var (run, most, offset) = (input.Id(nameof(id), id), input.Limit(), input.Cursor());
        if (input.Problem is { } problem)
        {
            return problem;
        }

        return await runs.FindAsync(run, cancellation) is null
            ? RunEndpoints.NoRun(run)
            : Results.Ok(ApiPage<T>.From(await list(run, cancellation), offset, most, item => convert(run, item)));
    }
}
