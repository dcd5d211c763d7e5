using CatchUp.Tracking.Launching;

namespace CatchUp.Dashboard.Api;

internal static class SchemaEndpoints
{
    public static void MapSchemas(this IEndpointRouteBuilder api) =>
        api.MapGet("/schemas/sweep.json", (HttpRequest request) => new ApiInput(request).Problem ?? Results.Text(SweepJsonSchema.Text, "application/schema+json"))
            .WithTags("Sweeps")
            .WithSummary("Sweep files as a JSON Schema")
            .WithDescription("Draft 2020-12, for editors: every key with its meaning, its type and its limits. What holds between keys only the plan checks (POST /api/v1/sweeps?dryRun=true).")
            .Produces(StatusCodes.Status200OK, contentType: "application/schema+json");
}
