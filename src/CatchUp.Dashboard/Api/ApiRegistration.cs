using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using CatchUp.Dashboard.Access;
using CatchUp.Dashboard.Artifacts;
using CatchUp.Dashboard.Startup;

namespace CatchUp.Dashboard.Api;

public static class ApiRegistration
{
    /// <summary>What <see cref="ApiEndpoints.MapApi"/> needs: the OpenAPI description, the way JSON is written, what it answers with, the readiness check of the database.</summary>
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        // As ContractJson writes it, but for two things: what has no value is written as null, so that every answer has all its names; and < is escaped.
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);
            options.SerializerOptions.NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals;
            options.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        });
        services.AddOpenApi("v1", options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "CatchUp Platform";
            document.Info.Description = "Sweeps, runs, their curves, samples and evaluations. Lists answer items, total and next, the cursor of what follows. Errors are RFC 9457 problem details that name the field and the fix.";
            return Task.CompletedTask;
        }));
        services.AddAnswers();
        services.AddArtifactUploads();
        services.AddWorkerTokens();
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: ["ready"]);
        return services;
    }
}
