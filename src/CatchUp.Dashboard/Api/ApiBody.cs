using Microsoft.OpenApi;

namespace CatchUp.Dashboard.Api;

/// <summary>Bodies that are described, and not demanded to be called JSON: curl --data calls any body a form, and would find no address.</summary>
internal static class ApiBody
{
    /// <param name="body">A type of the body's form; null: an object that the description tells of.</param>
    public static RouteHandlerBuilder TakesJson(this RouteHandlerBuilder endpoint, Type? body = null) => endpoint.AddOpenApiOperationTransformer(async (operation, context, cancellation) =>
    {
        var schema = body is null ? new OpenApiSchema { Type = JsonSchemaType.Object } : await context.GetOrCreateSchemaAsync(body, null, cancellation);
        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } } };
    });
}
