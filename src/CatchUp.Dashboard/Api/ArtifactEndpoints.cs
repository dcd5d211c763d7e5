using CatchUp.Contracts.Artifacts;
using CatchUp.Dashboard.Access;
using CatchUp.Dashboard.Artifacts;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace CatchUp.Dashboard.Api;

/// <summary>Files of workers on other machines: content-addressed, resumable both ways, and only with a worker's token.</summary>
internal static class ArtifactEndpoints
{
    private const string Sample = "sample", Weights = "weights";

    public static void MapArtifacts(this IEndpointRouteBuilder api)
    {
        var artifacts = api.MapGroup("/artifacts/{sha256}").WithTags("Artifacts").RequireAuthorization(AccessPolicies.Worker)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized);
        artifacts.MapMethods("", [HttpMethods.Get, HttpMethods.Head], Download).WithSummary("The bytes of an artifact, or a range of them")
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream").Produces(StatusCodes.Status206PartialContent, contentType: "application/octet-stream").ProducesProblem(StatusCodes.Status404NotFound);
        artifacts.MapGet("/upload", Progress).WithSummary("How far an upload of this token has come").Produces<ArtifactUpload>();
        artifacts.MapPut("", UploadAsync).WithSummary("Upload a file, or the next piece of it")
            .WithDescription("The body is the file's bytes from offset, as many as the sender likes. length is the whole file's; kind is weights or sample. The file becomes an artifact, and the answer 201, when it is whole and its SHA-256 is the address's. After a break, ask how far the upload has come and go on from there.")
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                // Not Accepts: a request that says another type would find no endpoint.
                operation.RequestBody = new OpenApiRequestBody
                {
                    Required = true,
                    Content = new Dictionary<string, OpenApiMediaType> { ["application/octet-stream"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } } },
                };
                return Task.CompletedTask;
            })
            .Produces<ArtifactUpload>().Produces<ArtifactUpload>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status507InsufficientStorage);
        artifacts.MapPost("/verify", VerifyAsync).WithSummary("Look an artifact's bytes through, and drop it when they are damaged").Produces<ArtifactUpload>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static IResult Download(HttpRequest request, string sha256, ArtifactDirectory artifacts)
    {
        if (Read(request, sha256).Problem is { } problem)
        {
            return problem;
        }

        return artifacts.Open(sha256) is { } file
            ? Results.Stream(file, "application/octet-stream", entityTag: new EntityTagHeaderValue($"\"{sha256}\""), enableRangeProcessing: true)
            : NotThere(sha256);
    }

    private static IResult Progress(HttpRequest request, string sha256, UploadStaging staging) =>
        Read(request, sha256).Problem ?? Results.Ok(staging.Find(Token(request), sha256));

    private static async Task<IResult> UploadAsync(HttpRequest request, string sha256, string? offset, string? length, string? kind, UploadStaging staging, CancellationToken cancellation)
    {
        var input = Read(request, sha256, nameof(offset), nameof(length), nameof(kind));
        var (from, all) = (input.Number(nameof(offset), 0, long.MaxValue) ?? 0, input.Number(nameof(length), 0, long.MaxValue));
        if (all is null && input.Text(nameof(length)) is null)
        {
            input.Error(nameof(length), "length, the bytes of the whole file, is missing.");
        }
        else if (from > all)
        {
            input.Error(nameof(offset), $"offset {from} is behind the end of a file of {all} bytes.");
        }

        var sort = input.Text(nameof(kind)) ?? Weights;
        if (sort is not (Weights or Sample))
        {
            input.Error(nameof(kind), $"kind is {Weights} or {Sample}, not '{ApiInput.Shorten(sort)}'.");
        }

        if (input.Problem is { } problem)
        {
            return problem;
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            // More would not fit the file; what is too large altogether is refused before a byte is read.
            size.MaxRequestBodySize = all!.Value - from;
        }

        try
        {
            var outcome = await staging.AppendAsync(Token(request), sha256, from, all!.Value, sort == Sample, request.Body, cancellation);
            return outcome.Problem is { } words
                ? ApiProblem.Create(outcome.Status, "The upload was not taken", words, ("offset", outcome.Progress.Offset))
                : Results.Json(outcome.Progress, statusCode: outcome.Status);
        }
        catch (Exception broken) when (cancellation.IsCancellationRequested && broken is OperationCanceledException or IOException)
        {
            // Nobody is there to hear an answer; the next request goes on from what has arrived.
            return Results.Empty;
        }
    }

    private static async Task<IResult> VerifyAsync(HttpRequest request, string sha256, ArtifactDirectory artifacts, CancellationToken cancellation) =>
        Read(request, sha256).Problem ?? (await artifacts.VerifyAsync(sha256, cancellation) ? Results.Ok(new ArtifactUpload(sha256, Stored: true, 0)) : NotThere(sha256));

    /// <summary>The name never becomes part of a path unless it is a hash.</summary>
    private static ApiInput Read(HttpRequest request, string sha256, params string[] known)
    {
        var input = new ApiInput(request, known);
        if (!ArtifactDirectory.IsName(sha256))
        {
            input.Error(nameof(sha256), $"'{ApiInput.Shorten(sha256)}' is no artifact's name. A name is the SHA-256 of the bytes: 64 lower-case hexadecimal digits.");
        }

        return input;
    }

    private static long Token(HttpRequest request) =>
        WorkerTokenAuthentication.TokenId(request.HttpContext.User) ?? throw new InvalidOperationException("An artifact endpoint was reached without a worker's token.");

    private static IResult NotThere(string sha256) => ApiProblem.NotFound($"There is no artifact {sha256}.");
}
