using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Tracking.Alerts;

namespace CatchUp.Dashboard.Api;

/// <summary>Where messages go, and what became of them.</summary>
internal static class WebhookEndpoints
{
    public static void MapWebhooks(this IEndpointRouteBuilder api)
    {
        var webhooks = api.MapGroup("/webhooks").WithTags("Webhooks");
        webhooks.MapGet("/", ListAsync).WithSummary("Webhooks").Produces<ApiPage<ApiWebhook>>();
        webhooks.MapPost("/", AddAsync).WithSummary("Add a webhook").TakesJson(typeof(ApiWebhookInput)).Produces<ApiWebhook>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        webhooks.MapPut("/{id}", ChangeAsync).WithSummary("Change a webhook").TakesJson(typeof(ApiWebhookInput)).Produces<ApiWebhook>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        webhooks.MapDelete("/{id}", RemoveAsync).WithSummary("Remove a webhook with its messages").Produces<ApiMessage>().ProducesProblem(StatusCodes.Status404NotFound);
        webhooks.MapPost("/{id}/test", TestAsync).WithSummary("Have a test message sent").Produces<ApiMessage>().ProducesProblem(StatusCodes.Status404NotFound);
        webhooks.MapGet("/{id}/deliveries", DeliveriesAsync).WithSummary("The last messages, latest first").Produces<ApiPage<ApiDelivery>>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ListAsync(HttpRequest request, string? limit, string? cursor, AlertStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(limit), nameof(cursor));
        var (most, offset) = (input.Limit(), input.Cursor());
        return input.Problem ?? Results.Ok(ApiPage<ApiWebhook>.From(await store.ListAsync(cancellation), offset, most, ApiWebhook.From));
    }

    private static async Task<IResult> AddAsync(HttpRequest request, AlertStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var (draft, problem) = input.Problem is { } wrong ? (null, wrong) : await ReadAsync(request, store, cancellation);
        return draft is null ? problem!
            : await store.AddAsync(draft, cancellation) is { } added ? Results.Created($"/api/v1/webhooks/{added.Id}", ApiWebhook.From(added))
            : ApiProblem.Create(StatusCodes.Status409Conflict, "Too many", $"There are {AlertStore.MostWebhooks} webhooks, as many as there may be. Remove one first.");
    }

    private static async Task<IResult> ChangeAsync(HttpRequest request, string id, AlertStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var number = input.Id(nameof(id), id);
        var (draft, problem) = input.Problem is { } wrong ? (null, wrong) : await ReadAsync(request, store, cancellation);
        return draft is null ? problem! : await store.ChangeAsync(number, draft, cancellation) is { } changed ? Results.Ok(ApiWebhook.From(changed)) : NoWebhook(number);
    }

    private static async Task<IResult> RemoveAsync(HttpRequest request, string id, AlertStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var number = input.Id(nameof(id), id);
        return input.Problem ?? ApiProblem.Of(await store.RemoveAsync(number, cancellation));
    }

    private static async Task<IResult> TestAsync(HttpRequest request, string id, AlertStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var number = input.Id(nameof(id), id);
        return input.Problem ?? ApiProblem.Of(await store.TestAsync(number, cancellation));
    }

    private static async Task<IResult> DeliveriesAsync(HttpRequest request, string id, string? limit, AlertStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(limit));
        var (number, most) = (input.Id(nameof(id), id), input.Limit());
        return input.Problem ?? (await store.FindAsync(number, cancellation) is null ? NoWebhook(number) : Results.Ok(ApiPage<ApiDelivery>.From(await store.DeliveriesAsync(number, most, cancellation), 0, most, ApiDelivery.From)));
    }

    private static async Task<(WebhookDraft? Draft, IResult? Problem)> ReadAsync(HttpRequest request, AlertStore store, CancellationToken cancellation)
    {
        var (body, unreadable) = await SweepEndpoints.ReadAsync(request, cancellation);
        if (body is null)
        {
            return (null, unreadable);
        }

        ApiWebhookInput? input;
        try
        {
            input = JsonSerializer.Deserialize<ApiWebhookInput>(body, ContractJson.Options);
        }
        catch (JsonException)
        {
            input = null;
        }

        if (input is null || input.Events is null)
        {
            return (null, ApiProblem.Bad("body", """The body is a JSON object, as in { "name": "team", "url": "https://hooks.example.org/abc", "events": ["run-failed", "sweep-finished"], "digestAt": "07:30", "digestZone": "Europe/Berlin" }."""));
        }

        var draft = input.ToDraft();
        var problems = store.Problems(draft).ToDictionary();
        if (input.Events.Contains(AlertKind.Digest) && string.IsNullOrEmpty(input.DigestAt))
        {
            problems["digestAt"] = "The event digest needs digestAt, as in 07:30, and digestZone, as in Europe/Berlin.";
        }

        return problems.Count > 0 ? (null, ApiProblem.Bad(problems)) : (draft, null);
    }

    private static IResult NoWebhook(long id) => ApiProblem.NotFound($"There is no webhook {id}.");
}
