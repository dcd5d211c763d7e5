using CatchUp.Dashboard.Parameters;
using CatchUp.Statistics.Importance;
using CatchUp.Tracking.Parameters;
using CatchUp.Tracking.Runs;

namespace CatchUp.Dashboard.Api;

/// <summary>What runs were configured to against what came of it.</summary>
internal static class ParameterEndpoints
{
    public static void MapParameters(this IEndpointRouteBuilder api) =>
        api.MapGet("/importance", ImportanceAsync).WithTags("Runs").WithSummary("Which keys a metric hangs on")
            .WithDescription($"Functional ANOVA over a random forest, as the page Parameters shows it; of at most {ParameterStore.MostRuns:N0} runs, the newest. filter: {RunListInput.Help} metric: a number such as fid[euler, nfe=4] or metric[loss, min]; if left out, fid[nfe=4] or what there is. Numbers of one protocol only.")
            .Produces<ApiImportance>().ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> ImportanceAsync(HttpRequest request, string? filter, string? metric, ParameterReading reading, ForestAnswers forests, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(filter), nameof(metric));
        var query = new RunQuery { Filter = RunListInput.Filter(input) };
        var measure = input.Text(nameof(metric)) is { } text ? RunListInput.Term(text, nameof(metric), input) : null;
        if (measure is not null && !ParameterStore.IsNumber(measure))
        {
            input.Error(nameof(metric), $"{measure} is no number that comes of a run. Ask for fid[nfe=4] or metric[loss], for example.");
        }

        if (input.Problem is { } problem)
        {
            return problem;
        }

        var set = await reading.ReadAsync(query, null, measure, [], cancellation);
        var importance = await forests.AskAsync($"importance {set.Measure} {set.Version} all", stop => ParameterImportance.Of(set.Observations(Enumerable.Range(0, set.Runs.Count)), seed: 0, stop), cancellation);
        return Results.Ok(ApiImportance.From(set, importance));
    }
}
