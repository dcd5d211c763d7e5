using System.Text.Json.Nodes;
using CatchUp.Contracts.Presets;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Dashboard.Sweeps;

/// <summary>What a key is when a draft does not say it: the preset's value, else the specification's default.</summary>
internal static class PresetValues
{
    public static string? Find(string preset, string path)
    {
        JsonNode? node = PresetCatalog.Find(preset)?.Specification;
        foreach (var name in path.Split('.'))
        {
            node = (node as JsonObject)?[name];
        }

        return Text(node ?? SpecificationSchema.Find(path)?.Default);
    }

    /// <summary>As one would type it: lists without brackets, words without quotes.</summary>
    public static string? Text(JsonNode? value) => value switch
    {
        null => null,
        JsonArray list => list.Count == 0 ? "none" : string.Join(", ", list.Select(Text)),
        JsonValue one when one.TryGetValue<string>(out var text) => text,
        _ => value.ToJsonString(),
    };
}
