using System.Text.Json.Nodes;

namespace CatchUp.Search.Spaces;

/// <summary>A parameter exists only where another exists and has one of some values.</summary>
/// <param name="Path">The other parameter, or a key that one of its values sets: <c>coupling.kind</c>.</param>
/// <param name="Values">The values under which it exists; at least one.</param>
public sealed record Condition(string Path, IReadOnlyList<JsonNode> Values);
