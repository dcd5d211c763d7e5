using System.Text.Json;
using System.Text.Json.Nodes;

namespace CatchUp.Search;

/// <summary>Values as people write them.</summary>
public static class ValueText
{
    public static string Of(JsonNode? value) => value switch
    {
        null => "",
        JsonArray items => string.Join(", ", items.Select(Of)),
        _ when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    /// <summary>The keys a value sets, with their texts.</summary>
    public static IReadOnlyDictionary<string, string> Flatten(string path, JsonNode? value)
    {
        var flat = new Dictionary<string, string>();
        Add(path, value, flat);
        return flat;
    }

    private static void Add(string path, JsonNode? value, Dictionary<string, string> flat)
    {
        if (value is not JsonObject members)
        {
            flat[path] = Of(value);
            return;
        }

        foreach (var (name, member) in members)
        {
            Add(path.Length == 0 ? name : $"{path}.{name}", member, flat);
        }
    }
}
