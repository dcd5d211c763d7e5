using System.Globalization;
using CatchUp.Tracking.Nights;

namespace CatchUp.Dashboard.Api;

internal static class DigestEndpoints
{
    public static void MapDigest(this IEndpointRouteBuilder api) =>
        api.MapGet("/digest", ReadAsync).WithTags("Digest").WithSummary("What happened in a night")
            .WithDescription("from and to are instants with their zone, as in 2026-03-01T18:00:00Z. Without to: now; without from: 18:00 of the day before it, UTC. At most 31 days.")
            .Produces<ApiDigest>().ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> ReadAsync(HttpRequest request, string? from, string? to, NightStore nights, TimeProvider time, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(from), nameof(to));
        var last = Instant(input, nameof(to)) ?? time.GetUtcNow();
        var first = Instant(input, nameof(from)) ?? NightTimes.Start(NightTimes.Yesterday(last, TimeZoneInfo.Utc), TimeZoneInfo.Utc);
        if (first >= last)
        {
            input.Error(nameof(from), "from comes before to.");
        }
        else if (last - first > NightStore.Longest)
        {
            input.Error(nameof(from), $"A digest is of at most {NightStore.Longest.TotalDays:0} days. Ask for a shorter stretch.");
        }

        return input.Problem ?? Results.Ok(ApiDigest.Of(await nights.ReadAsync(first, last, cancellation)));
    }

    private static DateTimeOffset? Instant(ApiInput input, string name)
    {
        if (input.Text(name) is not { } text)
        {
            return null;
        }

        if (ReadInstant(text) is { } at)
        {
            return at;
        }

        input.Error(name, $"{name} is an instant with its zone, as in 2026-03-01T18:00:00Z or 2026-03-01T18:00:00+01:00; '{ApiInput.Shorten(text)}' is not. In an address + is written %2B.");
        return null;
    }

    /// <summary>An instant that says its zone; null for anything else.</summary>
    public static DateTimeOffset? ReadInstant(string? text) =>
        DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at)
        && (text!.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > 10)
            ? at.ToUniversalTime()
            : null;
}
