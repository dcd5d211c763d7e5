using System.Globalization;
using CatchUp.Dashboard.Charts;
using CatchUp.Tracking.Metrics;

namespace CatchUp.Dashboard.Api;

/// <summary>Curves of several runs at once, as charts draw them.</summary>
internal static class CurveEndpoints
{
    private const int MostRuns = 50;

    public static void MapCurves(this IEndpointRouteBuilder api) =>
        api.MapGet("/curves", CurvesAsync).WithTags("Data of runs").WithSummary("One metric of several runs over steps, images, time or device time")
            .WithDescription($"runs: up to {MostRuns} ids separated by commas. metric: its name. axis: {string.Join(", ", AxisWords.All.Select(axis => $"{axis.Key} ({axis.Explanation.ToLowerInvariant()})"))}; times are in seconds. from, to: on that axis. buckets: for each run at most, 1 to {MetricStore.MaximumBuckets}. All runs have buckets of the same width. Runs without a point are left out.")
            .Produces<ApiPage<Curve>>().ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> CurvesAsync(HttpRequest request, string? runs, string? metric, string? axis, string? from, string? to, string? buckets, MetricStore metrics, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(runs), nameof(metric), nameof(axis), nameof(from), nameof(to), nameof(buckets));
        var ids = (input.Text(nameof(runs)) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (ids.Length is 0 or > MostRuns || !ids.All(id => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            input.Error(nameof(runs), $"Name 1 to {MostRuns} runs by their ids, as in runs=3,4,5.");
        }

        var name = input.Text(nameof(metric));
        if (name is null)
        {
            input.Error(nameof(metric), "Name a metric, as in metric=loss.");
        }

        var over = CurveAxis.Step;
        if (input.Text(nameof(axis)) is { } word && !AxisWords.TryParse(word, out over))
        {
            input.Error(nameof(axis), $"axis is {string.Join(", ", AxisWords.All.Select(one => one.Key))}, not '{ApiInput.Shorten(word)}'.");
        }

        var (first, last) = (input.Number(nameof(from), 0, long.MaxValue), input.Number(nameof(to), 0, long.MaxValue));
        var most = (int)(input.Number(nameof(buckets), 1, MetricStore.MaximumBuckets) ?? 1000);
        if (first > last)
        {
            input.Error(nameof(from), $"from {first} is behind to {last}. Exchange them.");
        }

        if (input.Problem is { } problem)
        {
            return problem;
        }

        var curves = await metrics.CurvesAsync(
            new CurveQuestion { Sets = [[.. ids.Select(id => long.Parse(id, CultureInfo.InvariantCulture)).Distinct()]], Metric = name!, Axis = over, From = first, To = last, Buckets = most }, cancellation);
        return Results.Ok(new ApiPage<Curve>(curves, curves.Count, null));
    }
}
