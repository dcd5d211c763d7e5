using CatchUp.Contracts.Sweeps;
using CatchUp.Dashboard.Access;
using CatchUp.Hosting.Bus;
using CatchUp.Tracking.Launching;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;
using MassTransit;
using Microsoft.OpenApi;
using System.Text;

namespace CatchUp.Dashboard.Api;

internal static class SweepEndpoints
{
    /// <summary>A broker that has just come back may have lost the coordinator's answer: the same request is sent again, and is never stored twice. A sweep of 100,000 runs may take longer to be stored.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);

    private const int MostTries = 8;

    public static void MapSweeps(this IEndpointRouteBuilder api)
    {
        var sweeps = api.MapGroup("/sweeps").WithTags("Sweeps");
        sweeps.MapPost("/", SubmitAsync)
            // Described, but not demanded: curl --data-binary calls any body a form.
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                operation.RequestBody = new OpenApiRequestBody
                {
                    Required = true,
                    Content = new Dictionary<string, OpenApiMediaType> { ["application/yaml"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } }, ["application/json"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Object } } },
                };
                return Task.CompletedTask;
            })
            .WithSummary("Store a sweep and queue its runs")
            .WithDescription("The body is a sweep file, YAML or JSON. With ?dryRun=true nothing is stored and the plan is returned. With the header Idempotency-Key (a GUID) repeating the request is harmless.")
            .Produces<ApiSweepDetails>(StatusCodes.Status201Created).Produces<ApiSweepDetails>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status413PayloadTooLarge);
        sweeps.MapGet("/", ListAsync).WithSummary("Sweeps, newest first").Produces<ApiPage<ApiSweep>>().ProducesProblem(StatusCodes.Status400BadRequest);
        sweeps.MapGet("/{id}", FindAsync).WithSummary("A sweep with its file").Produces<ApiSweepDetails>().ProducesProblem(StatusCodes.Status404NotFound);
        MapCommand(sweeps, "cancel", "End all of a sweep's runs", (store, sweep, cancellation) => store.CancelAsync(sweep, cancellation));
        MapCommand(sweeps, "pause", "Pause a sweep's running runs and hand out none of its queued ones", (store, sweep, cancellation) => store.PauseAsync(sweep, cancellation));
        sweeps.MapPost("/{id}/retry", RetryAsync).WithSummary("Queue all failed runs of a sweep once more").WithDescription("?from=checkpoint (what it is without) goes on from each run's last safe checkpoint; ?from=zero removes all they had recorded and begins again.")
            .Produces<ApiMessage>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        MapCommand(sweeps, "resume", "Let a paused sweep go on", (store, sweep, cancellation) => store.ResumeAsync(sweep, cancellation));
    }

    private static void MapCommand(RouteGroupBuilder sweeps, string name, string summary, Func<SweepStore, long, CancellationToken, Task<CommandOutcome>> command) =>
        sweeps.MapPost($"/{{id}}/{name}", async (HttpRequest request, string id, SweepStore store, CancellationToken cancellation) =>
        {
            var input = new ApiInput(request);
            var sweep = input.Id(nameof(id), id);
            return input.Problem ?? ApiProblem.Of(await command(store, sweep, cancellation));
        }).WithSummary(summary).Produces<ApiMessage>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> RetryAsync(HttpRequest request, string id, string? from, SweepStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(from));
        var (sweep, zero) = (input.Id(nameof(id), id), RunEndpoints.ReadFrom(input));
        return input.Problem ?? ApiProblem.Of(await store.RetryFailedAsync(sweep, zero, cancellation));
    }

    private static async Task<IResult> SubmitAsync(HttpRequest request, string? dryRun, SweepPlanner planner, SweepOutlooks outlooks, SweepStore store, IBus bus, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(dryRun));
        var dry = input.Flag(nameof(dryRun));
        var key = ReadKey(request, input);
        if (input.Problem is { } problem)
        {
            return problem;
        }

        var (document, unreadable) = await ReadAsync(request, cancellation);
        if (document is null)
        {
            return unreadable!;
        }

        if (dry)
        {
            var plan = planner.Check(document);
            return plan.IsValid ? Results.Ok(ApiPlan.From(plan, await outlooks.LookAsync(document, SignedIn.Name(request.HttpContext.User), cancellation))) : ApiProblem.Refused(plan.Problems);
        }

        return await LaunchAsync(document, key, SignedIn.Name(request.HttpContext.User), store, bus, cancellation);
    }

    /// <summary>Submits a sweep file as the pages do, and answers with the stored sweep.</summary>
    /// <param name="owner">Who asks; null where nobody signs in.</param>
    public static async Task<IResult> LaunchAsync(string document, Guid key, string? owner, SweepStore store, IBus bus, CancellationToken cancellation)
    {
        var answer = await AskAsync(bus, new SubmitSweep { RequestId = key, Document = document, Owner = owner }, cancellation);
        if (answer.Is(out Response<SweepRefused>? refused))
        {
            return ApiProblem.Refused(refused.Message.Problems);
        }

        answer.Is(out Response<SweepAccepted>? accepted);
        var sweep = await store.FindAsync(accepted!.Message.SweepId, cancellation);
        return sweep is null ? ApiProblem.NotFound("The sweep was stored, and has been deleted since.")
            : accepted.Message.AlreadyKnown ? Results.Ok(ApiSweepDetails.From(sweep))
            : Results.Created($"/api/v1/sweeps/{sweep.Summary.Id}", ApiSweepDetails.From(sweep));
    }

    private static async Task<Response<SweepAccepted, SweepRefused>> AskAsync(IBus bus, SubmitSweep submit, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await bus.AskAsync<SubmitSweep, SweepAccepted, SweepRefused>(submit, AnswerWithin, cancellation);
            }
            catch (TimeoutException) when (tries < MostTries)
            {
                // The loop asks again.
            }
        }
    }

    public static Guid ReadKey(HttpRequest request, ApiInput input)
    {
        var key = Guid.NewGuid();
        if (request.Headers.TryGetValue("Idempotency-Key", out var header) && (!Guid.TryParse(header, out key) || key == Guid.Empty))
        {
            input.Error("Idempotency-Key", "Idempotency-Key is a GUID that you make anew for each sweep, as in 3f0c2b9e-5d1a-4a58-9f0e-0c8f6f3a7d11; or leave it out.");
        }

        return key;
    }

    /// <summary>The body as text, read no further than a sweep file can be long.</summary>
    public static async Task<(string? Document, IResult? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var buffer = new byte[SweepPlanner.MostBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        if (length > SweepPlanner.MostBytes)
        {
            return (null, ApiProblem.Create(StatusCodes.Status413PayloadTooLarge, "The sweep file is too large", $"A sweep file has at most {SweepPlanner.MostBytes / 1024} kB. Shorten it, or split the sweep."));
        }

        try
        {
            return (new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(buffer, 0, length), null);
        }
        catch (DecoderFallbackException)
        {
            return (null, ApiProblem.Bad("body", "The body is no UTF-8 text. Send the sweep file as UTF-8, as in curl --data-binary @sweep.yaml."));
        }
    }

    private static async Task<IResult> ListAsync(HttpRequest request, string? filter, string? archived, string? limit, string? cursor, SweepStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(filter), nameof(archived), nameof(limit), nameof(cursor));
        var (text, old, offset, most) = (input.Text(nameof(filter)), input.Flag(nameof(archived)), input.Cursor(), input.Limit());
        return input.Problem ?? Results.Ok(ApiPage<ApiSweep>.From(await store.ListAsync(text, old, offset, most, cancellation), ApiSweep.From));
    }

    private static async Task<IResult> FindAsync(HttpRequest request, string id, SweepStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var number = input.Id(nameof(id), id);
        return input.Problem ?? (await store.FindAsync(number, cancellation) is { } sweep ? Results.Ok(ApiSweepDetails.From(sweep)) : ApiProblem.NotFound($"There is no sweep {number}."));
    }
}
