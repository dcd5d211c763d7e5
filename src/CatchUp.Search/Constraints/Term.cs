using System.Text.Json;
using System.Text.Json.Nodes;
using CatchUp.Search.Spaces;

namespace CatchUp.Search.Constraints;

/// <summary>A value in a constraint.</summary>
internal readonly record struct Term(TermType Type, double Number, string? Text)
{
    public bool IsTrue => Number != 0;

    public static Term Of(double number) => new(TermType.Number, number, null);

    public static Term Of(string text) => new(TermType.Text, 0, text);

    public static Term Of(bool truth) => new(TermType.Boolean, truth ? 1 : 0, null);

    /// <summary>Null for lists, mappings and nothing.</summary>
    public static Term? Of(JsonNode? json) => json is not JsonValue ? null : json.GetValueKind() switch
    {
        JsonValueKind.Number => JsonNumber.Read(json) is { } number ? Of(number) : null,
        JsonValueKind.String => Of(json.GetValue<string>()),
        JsonValueKind.True => Of(true),
        JsonValueKind.False => Of(false),
        _ => null,
    };
}
