using System.Text.Json.Nodes;

namespace CatchUp.Search;

/// <summary>
/// One axis of a search space: a dotted path into the run specification and the values it takes.
/// A value that is an object sets several keys below the path together, for keys that only make sense in pairs.
/// </summary>
/// <param name="Path">Empty for the whole specification.</param>
/// <param name="Values">What it can be.</param>
/// <param name="Names">What its values are called, for a list of named variants; null names them after what they set.</param>
public sealed record Dimension(string Path, IReadOnlyList<JsonNode> Values, IReadOnlyList<string>? Names = null)
{
    /// <summary>The key under which tables show the name of a variant.</summary>
    public const string Variant = "variant";

    /// <summary>Each value's keys and texts, for tables: <c>objective.order</c> → <c>rk12</c>.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Parameters { get; } = [.. Values.Select((value, index) => Names is null
        ? ValueText.Flatten(Path, value)
        : ValueText.Flatten(Path, value).Prepend(new(Variant, Names[index])).ToDictionary())];

    /// <summary>What each value is called in names of runs; no label followed by a hyphen begins another, given names apart.</summary>
    public IReadOnlyList<string> Labels { get; } = Names ?? DimensionLabels.Make(Path, Values);

    /// <summary>The keys this dimension decides.</summary>
    public IEnumerable<string> Keys => Parameters.SelectMany(value => value.Keys).Distinct();
}
