using System.Text.Json.Nodes;

namespace CatchUp.Search;

/// <summary>Recognises ranges to draw values from. They wait for search methods that draw; a grid needs lists.</summary>
public static class Distribution
{
    public static IReadOnlyList<string> Names { get; } = ["uniform", "logUniform", "integer", "choice"];

    /// <summary>The name of the distribution a value describes, as in <c>{ logUniform: [1e-4, 1e-3] }</c>; null when it is none.</summary>
    public static string? NameOf(JsonNode? value) =>
        value is JsonObject { Count: 1 } members && Names.Contains(members.First().Key) ? members.First().Key : null;
}
