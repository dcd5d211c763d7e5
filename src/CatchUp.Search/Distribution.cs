using System.Text.Json.Nodes;

namespace CatchUp.Search;

/// <summary>The words by which a sweep file says how a parameter is drawn: <c>{ logUniform: [1e-4, 1e-3] }</c>.</summary>
public static class Distribution
{
    public static IReadOnlyList<string> Names { get; } = ["uniform", "logUniform", "integer", "normal", "logNormal", "choice", "fixed"];

    /// <summary>What may stand beside the distribution.</summary>
    public static IReadOnlyList<string> Companions { get; } = ["step", "log", "within", "when"];

    /// <summary>The name of the distribution a value describes, as in <c>{ logUniform: [1e-4, 1e-3] }</c>; null when it is none.</summary>
    public static string? NameOf(JsonNode? value) =>
        value is JsonObject members && members.Where(member => Names.Contains(member.Key)).Select(member => member.Key).ToList() is [var name]
        && members.All(member => member.Key == name || Companions.Contains(member.Key)) ? name : null;
}
