using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CatchUp.Search.Spaces;

/// <summary>Numbers in JSON nodes, whatever made the node.</summary>
internal static class JsonNumber
{
    /// <summary>The finite number of a node; null when it is none.</summary>
    public static double? Read(JsonNode? node)
    {
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number)
        {
            return null;
        }

        // A node made from NaN cannot be written as JSON at all.
        if (value.TryGetValue<double>(out var number))
        {
            return double.IsFinite(number) ? number : null;
        }

        return double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number) ? number : null;
    }
}
