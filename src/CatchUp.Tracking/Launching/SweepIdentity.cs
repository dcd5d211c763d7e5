using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Tracking.Launching;

/// <summary>
/// What a sweep tries, as a hash: equal for files that differ only in their names, owners, comments, spelling of numbers, order of keys, or schedule
/// and retention. A preset counts as what it says.
/// </summary>
internal static class SweepIdentity
{
    private static readonly string[] Counted = ["variants", "space", "constraints", "search", "replicates", "objective"];

    public static string Of(string document, SweepFile file)
    {
        var root = SweepDocument.Parse(document).Root as JsonObject ?? [];
        var said = new StringBuilder();
        Write(said, file.Base.DeepClone() is JsonObject based && based.Remove("preset") ? based : file.Base);
        foreach (var key in Counted)
        {
            said.Append('\n').Append(key).Append(' ');
            Write(said, (key, root[key]) switch
            {
                ("replicates", null) => JsonValue.Create(1),
                ("search", null) => new JsonObject { ["method"] = "grid" },
                var (_, value) => value,
            });
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(said.ToString())));
    }

    private static void Write(StringBuilder said, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                said.Append('{');
                foreach (var (key, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    said.Append(JsonValue.Create(key).ToJsonString()).Append(':');
                    Write(said, value);
                    said.Append(',');
                }

                said.Append('}');
                break;
            case JsonArray items:
                said.Append('[');
                foreach (var item in items)
                {
                    Write(said, item);
                    said.Append(',');
                }

                said.Append(']');
                break;
            case JsonValue value when value.TryGetValue<double>(out var number):
                said.Append(number.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
                break;
            case JsonValue value when value.TryGetValue<long>(out var whole):
                said.Append(((double)whole).ToString("R", System.Globalization.CultureInfo.InvariantCulture));
                break;
            case JsonValue value when value.TryGetValue<int>(out var small):
                said.Append(((double)small).ToString("R", System.Globalization.CultureInfo.InvariantCulture));
                break;
            default:
                said.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }
}
