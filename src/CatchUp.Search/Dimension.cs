using System.Text.Json.Nodes;

namespace CatchUp.Search;

/// <summary>
/// One axis of a search space: a dotted path into the run specification and the values it takes.
/// A value that is an object sets several keys below the path together, for keys that only make sense in pairs.
/// </summary>
public sealed record Dimension(string Path, IReadOnlyList<JsonNode> Values)
{
    /// <summary>Each value's keys and texts, for tables: <c>objective.order</c> → <c>rk12</c>.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Parameters { get; } = [.. Values.Select(value => ValueText.Flatten(Path, value))];

    /// <summary>What each value is called in names of runs; no label followed by a hyphen begins another.</summary>
    public IReadOnlyList<string> Labels { get; } = DimensionLabels.Make(Path, Values);

    /// <summary>The keys this dimension decides.</summary>
    public IEnumerable<string> Keys => Parameters.SelectMany(value => value.Keys).Distinct();
}
