using System.Text.Json.Nodes;

namespace CatchUp.Search;

/// <summary>A dimension's chosen value.</summary>
public readonly record struct Setting(Dimension Dimension, int Choice)
{
    public string Path => Dimension.Path;

    public JsonNode Value => Dimension.Values[Choice];
}
