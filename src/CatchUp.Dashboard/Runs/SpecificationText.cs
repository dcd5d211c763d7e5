using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CatchUp.Contracts;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Dashboard.Runs;

/// <summary>A run specification for people: as dotted keys, as JSON and as YAML.</summary>
internal static class SpecificationText
{
    /// <summary>Every key with its value, in the specification's order: ("objective.order", "rk23").</summary>
    public static IReadOnlyList<(string Path, string Value)> Flatten(RunSpecification specification)
    {
        var pairs = new List<(string, string)>();
        Flatten(Node(specification), "", pairs);
        return pairs;
    }

    public static string ToJson(RunSpecification specification) => JsonSerializer.Serialize(specification, ContractJson.Indented);

    public static string ToYaml(RunSpecification specification)
    {
        var text = new StringBuilder();
        WriteYaml(Node(specification), 0, text);
        return text.ToString();
    }

    private static JsonObject Node(RunSpecification specification) => JsonSerializer.SerializeToNode(specification, ContractJson.Options)!.AsObject();

    private static void Flatten(JsonObject section, string prefix, List<(string, string)> pairs)
    {
        foreach (var (key, value) in section)
        {
            if (value is JsonObject inner)
            {
                Flatten(inner, $"{prefix}{key}.", pairs);
            }
            else
            {
                pairs.Add((prefix + key, Plain(value)));
            }
        }
    }

    private static void WriteYaml(JsonObject section, int depth, StringBuilder text)
    {
        foreach (var (key, value) in section)
        {
            text.Append(' ', depth * 2).Append(key).Append(':');
            if (value is JsonObject inner)
            {
                text.Append('\n');
                WriteYaml(inner, depth + 1, text);
            }
            else
            {
                text.Append(' ').Append(value is JsonArray list ? $"[{string.Join(", ", list.Select(Yaml))}]" : Yaml(value)).Append('\n');
            }
        }
    }

    // A JSON string is a YAML string; quotes are dropped where a bare word cannot be taken for anything else.
    private static string Yaml(JsonNode? value)
    {
        var json = value?.ToJsonString(ContractJson.Options) ?? "null";
        return json.Length > 2 && json[0] == '"' && json[1..^1] is var word && char.IsAsciiLetter(word[0]) && word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') && word is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off")
            ? word
            : json;
    }

    private static string Plain(JsonNode? value) => value switch
    {
        null => "–",
        JsonArray { Count: 0 } => "none",
        JsonArray list => string.Join(", ", list.Select(Plain)),
        JsonValue leaf when leaf.GetValueKind() == JsonValueKind.String => leaf.GetValue<string>(),
        // 1E-08 is how machines write it.
        _ => value.ToJsonString(ContractJson.Options).Replace("E-0", "e-", StringComparison.Ordinal).Replace('E', 'e'),
    };
}
